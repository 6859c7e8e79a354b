/** One size of fleet: the aggregator under its reports at 1 Hz and as fast as it takes them, a bare subscriber in turns with the latter. */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { onExit } from "../testbed/exit-cleanup.ts";
import { RunningProcess } from "../testbed/running-process.ts";
import type { FleetSize } from "./aggregator-fleet.ts";
import type { LoadCommand, LoadReply, ReceiverCommand, ReceiverFigures, ReceiverReply } from "./aggregator-messages.ts";

/** How long everything lasts, seconds. */
export interface FleetPlan {
  readonly size: FleetSize;
  /** At 1 Hz: until paths are known and advice stands, then measured. */
  readonly warmSeconds: number;
  readonly steadySeconds: number;
  /** As fast as possible: so often so long, the bare subscriber after each. */
  readonly turns: number;
  readonly fullSeconds: number;
  readonly withBare: boolean;
}

export interface Measured {
  readonly size: FleetSize;
  readonly rssEmptyBytes: number;
  readonly rssBytes: number;
  readonly steady: ReceiverFigures;
  /** From NATS to the view; the whole aggregator, which advises meanwhile; the bare subscriber. */
  readonly full: readonly ReceiverFigures[];
  readonly advised: readonly ReceiverFigures[];
  readonly bare: readonly ReceiverFigures[];
  /** Rows that were sent and never taken in. */
  readonly warmRowsLost: number;
  readonly steadyRowsLost: number;
  readonly fullRowsLost: number;
}

export type Say = (text: string) => void;

/** The last rows may still be on their way when the generator has written them. */
const drainWaitMs = 3_000;
const replyWaitMs = 120_000;

/** Measures one fleet. Everything it starts ends with it. */
export async function measureFleet(plan: FleetPlan, say: Say): Promise<Measured> {
  const { size } = plan;
  const load = new Child("aggregator-load.js", []);
  const kinds = plan.withBare ? (["aggregator", "ingest", "bare"] as const) : (["aggregator", "ingest"] as const);
  const receivers: Receiver[] = [];
  try {
    for (const kind of kinds) receivers.push(await Receiver.start(kind, size.pathsPerAgent));
    const [aggregator, ingest, bare] = receivers;
    if (aggregator === undefined || ingest === undefined) throw new Error("Cannot measure nothing");
    say(`making the reports of ${size.agents} agents with ${size.pathsPerAgent} paths each`);
    await ask(load, { kind: "make", size });
    const measure = (receiver: Receiver, kind: "steady" | "full", seconds: number) =>
      measureReceiver(load, receiver.child, { kind, port: receiver.port, seconds });
    const rssEmptyBytes = await memoryOf(aggregator.child);
    await ask(load, { kind: "announce", port: aggregator.port });
    await ask(load, { kind: "announce", port: ingest.port });
    const warm = await measure(aggregator, "steady", plan.warmSeconds);
    const steady = await measure(aggregator, "steady", plan.steadySeconds);
    const rssBytes = await memoryOf(aggregator.child);
    say(`at 1 Hz: ${share(steady.figures)} of a core, loop delay p99 ${steady.figures.loopDelayP99Ms.toFixed(1)} ms`);
    // Every path is known before anything is timed.
    await measure(ingest, "full", plan.fullSeconds);
    const full: Turn[] = [];
    const advised: Turn[] = [];
    const bareFull: Turn[] = [];
    for (let turn = 0; turn < plan.turns; turn += 1) {
      full.push(await measure(ingest, "full", plan.fullSeconds));
      if (bare !== undefined) bareFull.push(await measure(bare, "full", plan.fullSeconds));
      advised.push(await measure(aggregator, "full", plan.fullSeconds));
      const [a, b, c] = [full, bareFull, advised].map((turns) => perCpuSecond(turns.at(-1)?.figures));
      say(`rows/CPU s: to the view ${a}, bare subscriber ${b}, the whole aggregator ${c}`);
    }
    return {
      size,
      rssEmptyBytes,
      rssBytes,
      steady: steady.figures,
      full: full.map(({ figures }) => figures),
      advised: advised.map(({ figures }) => figures),
      bare: bareFull.map(({ figures }) => figures),
      warmRowsLost: warm.rowsLost,
      steadyRowsLost: steady.rowsLost,
      fullRowsLost: [...full, ...advised, ...bareFull].reduce((sum, { rowsLost }) => sum + rowsLost, 0),
    };
  } finally {
    load.end();
    await Promise.all(receivers.map((receiver) => receiver.end()));
  }
}

type Turn = Awaited<ReturnType<typeof measureReceiver>>;

interface Sent {
  readonly kind: "steady" | "full";
  readonly port: number;
  readonly seconds: number;
}

async function measureReceiver(load: Child, receiver: Child, sent: Sent) {
  let taken = 0;
  const follow = (reply: ReceiverReply) => {
    if (reply.kind !== "taken") return;
    taken = reply.rows;
    load.tell<LoadCommand>(reply);
  };
  receiver.process.on("message", follow);
  try {
    receiver.tell<ReceiverCommand>({ kind: "begin" });
    await receiver.reply<ReceiverReply>("begun");
    const { rows } = await ask(load, sent);
    const endsMs = performance.now() + drainWaitMs;
    while (taken < rows && performance.now() < endsMs) await new Promise((resolve) => setTimeout(resolve, 10));
    receiver.tell<ReceiverCommand>({ kind: "end" });
    const figures = (await receiver.reply<ReceiverReply>("ended")) as ReceiverFigures & ReceiverReply;
    return { figures, rowsLost: rows - figures.rows };
  } finally {
    receiver.process.off("message", follow);
  }
}

async function memoryOf(receiver: Child): Promise<number> {
  receiver.tell<ReceiverCommand>({ kind: "memory" });
  const reply = await receiver.reply<ReceiverReply>("memory");
  return reply.kind === "memory" ? reply.rssBytes : 0;
}

async function ask(load: Child, command: Exclude<LoadCommand, { kind: "taken" }>): Promise<LoadReply> {
  load.tell<LoadCommand>(command);
  return load.reply<LoadReply>("done");
}

function perCpuSecond(figures: ReceiverFigures | undefined): string {
  return figures === undefined ? "-" : (figures.rows / figures.cpuSeconds / 1e6).toFixed(2).concat(" M");
}

function share(figures: ReceiverFigures): string {
  return (figures.cpuSeconds / figures.wallSeconds).toFixed(2);
}

/** A forked program that ends with this one. */
class Child {
  readonly process: ChildProcess;
  readonly #forget: () => void;
  #failure: string | undefined;

  constructor(program: string, args: readonly string[]) {
    const path = new URL(program, import.meta.url).pathname;
    this.process = fork(path, args, { execArgv: ["--expose-gc"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#forget = onExit(() => this.process.kill("SIGKILL"));
    this.process.on("exit", (code, signal) => {
      this.#failure = `Cannot go on: ${program} ended (${code ?? signal})`;
      this.process.emit("message", { kind: "exit" });
    });
  }

  tell<Message extends object>(message: Message): void {
    if (this.#failure === undefined) this.process.send(message);
  }

  /** The next message of a kind. */
  async reply<Reply extends { readonly kind: string }>(kind: Reply["kind"]): Promise<Reply> {
    const signal = AbortSignal.timeout(replyWaitMs);
    for (;;) {
      if (this.#failure !== undefined) throw new Error(this.#failure);
      const [message] = (await once(this.process, "message", { signal })) as [Reply];
      if (message.kind === kind) return message;
    }
  }

  /** It ends by itself as soon as nobody talks to it any more. */
  end(): void {
    this.#forget();
    if (this.process.connected) this.process.disconnect();
  }
}

/** A process that is measured, and a broker of its own: only what is meant for it comes there. */
class Receiver {
  readonly child: Child;
  readonly #broker: Broker;

  private constructor(child: Child, broker: Broker) {
    this.child = child;
    this.#broker = broker;
  }

  static async start(kind: "aggregator" | "ingest" | "bare", rowsPerReport: number): Promise<Receiver> {
    const broker = await Broker.start();
    const child = new Child("aggregator-receiver.js", [kind, String(broker.port), String(rowsPerReport)]);
    const receiver = new Receiver(child, broker);
    await child.reply<ReceiverReply>("ready");
    return receiver;
  }

  get port(): number {
    return this.#broker.port;
  }

  async end(): Promise<void> {
    this.child.end();
    await this.#broker.stop();
  }
}

/** A NATS server on loopback. */
class Broker {
  readonly port: number;
  readonly #process: RunningProcess;

  private constructor(process: RunningProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start(): Promise<Broker> {
    const PATH = `${process.env["PATH"]}:/usr/local/sbin:/usr/sbin:/sbin`;
    const args = ["--pdeathsig", "KILL", "--", "nats-server", "-a", "127.0.0.1", "-p", "-1"];
    const started = new RunningProcess("setpriv", args, { name: "nats-server", env: { ...process.env, PATH } });
    const line = await started.waitForLine(/Listening for client connections on 127\.0\.0\.1:\d+/, 20_000);
    return new Broker(started, Number(/(\d+)$/.exec(line)?.[1]));
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}
