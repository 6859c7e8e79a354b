/** Broker, aggregator and agent together: started in order, watched, and stopped in the opposite order. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ExitCode } from "../../common/exit-codes.ts";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import type { ListenAddress } from "../../common/listen-address.ts";
import type { Environment } from "../../common/option-values.ts";
import type { ChildCommand, ChildEnd } from "./child.ts";
import { Child } from "./child.ts";
import { lastWords } from "./child-line.ts";
import type { Settled } from "./children.ts";
import { agentCommand, aggregatorCommand, brokerCommand, brokerPortIn } from "./children.ts";
import { pinsPath, removePins } from "./leftover-pins.ts";
import { reachableText } from "./listen-ports.ts";

/** What a stack is made from. */
export interface StackOptions {
  readonly settled: Settled;
  readonly environment: Environment;
  /** Gets each line that a program writes to stderr, while it runs and while it stops. */
  readonly onLine: (program: string, line: string) => void;
}

/** Longer than a program's own 10 s for the broker, on a machine that is busy with other things. */
const startMs = 30_000;
/** A program gives itself 5 s to end. */
const stopMs = 7_000;
const pollMs = 100;

/** Owns the programs. */
export class Stack {
  /** Rejects with the reason where a program ends without being asked to. */
  readonly failed: Promise<never>;
  readonly #options: StackOptions;
  readonly #children: Child[] = [];
  #fail: (error: ExitError) => void = () => undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: StackOptions) {
    this.#options = options;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Nobody may be waiting yet when it rejects.
    this.failed.catch(() => undefined);
  }

  /** Starts one after the other. Returns the broker's URL. Throws ExitError where one cannot start. */
  async start(): Promise<string> {
    const { settled, environment } = this.#options;
    const natsUrl = settled.natsUrl === "" ? await this.#startBroker() : settled.natsUrl;
    await this.#startProgram(aggregatorCommand(settled, natsUrl, environment), settled.httpListen);
    await this.#startProgram(agentCommand(settled, natsUrl, environment), settled.agentHttpListen);
    return natsUrl;
  }

  /** Stops what runs, the last started first, so the agent can lift its pacing. Later calls wait for the first. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #startBroker(): Promise<string> {
    let port: number | undefined;
    this.#spawn(brokerCommand(this.#options.environment), (line) => {
      port ??= brokerPortIn(line);
    });
    await this.#until("nats-server", async () => port !== undefined);
    return `nats://127.0.0.1:${port}`;
  }

  // The HTTP endpoint is the last thing that either program starts.
  async #startProgram(command: ChildCommand, listen: ListenAddress): Promise<void> {
    this.#spawn(command, () => undefined);
    await this.#until(command.name, () => isHealthy(`http://${reachableText(listen)}/healthz`));
  }

  #spawn(command: ChildCommand, look: (line: string) => void): void {
    // A signal may come while something else is waited for.
    if (this.#stopped !== undefined) throw new ExitError(exitCodes.ok, "Stopped while starting");
    const child = new Child(command, (line) => {
      look(line);
      this.#options.onLine(command.name, line);
    });
    this.#children.push(child);
    void child.ended.then((end) => {
      if (this.#stopped === undefined) this.#fail(unexpectedEnd(end));
    });
  }

  async #until(name: string, isReady: () => Promise<boolean>): Promise<void> {
    const endsMs = performance.now() + startMs;
    while (!(await Promise.race([isReady(), this.failed]))) {
      if (performance.now() > endsMs) {
        throw new ExitError(exitCodes.unexpected, `Cannot start ${name}: no answer within ${startMs / 1000} s`);
      }
      await Promise.race([sleep(pollMs), this.failed]);
    }
  }

  async #stopAll(): Promise<void> {
    for (const child of this.#children.toReversed()) {
      const end = await child.stop(stopMs);
      if (child.name !== "agent") continue;
      for (const failure of removePinsAfter(end, this.#options.settled.hostId))
        this.#options.onLine(child.name, failure);
    }
  }
}

/** The reason for ending that a program's own end is: its last words, and its exit code where that is one of ours. */
export function unexpectedEnd(end: ChildEnd): ExitError {
  const codes: readonly ExitCode[] = Object.values(exitCodes);
  const code = codes.find((candidate) => candidate === end.code && candidate !== exitCodes.ok) ?? exitCodes.unexpected;
  const how = end.signal === null ? `with code ${end.code}` : `by ${end.signal}`;
  const words = lastWords(end.lastLines);
  return new ExitError(code, `The ${end.name} ended ${how}${words === "" ? "" : `: ${words}`}`);
}

// An agent that ended by itself has cleaned up, or has found somebody else's pins and left them alone.
function removePinsAfter(end: ChildEnd, hostId: string): readonly string[] {
  if (end.signal === null && end.code !== exitCodes.unexpected) return [];
  const path = pinsPath(hostId);
  return path === undefined ? [] : removePins(path);
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
