/**
 * A daemon like Riptide's (Flores, Khakpour, Bedi: "Riptide: Jump-Starting Back-Office Connections in Cloud Systems",
 * ICDCS 2016): each second the mean congestion window of the connections open to a destination, clamped, becomes the
 * first window of its route.
 */
import { ipCommand } from "../testbed/ip-command.ts";
import type { TestbedHost } from "../testbed/testbed-host.ts";

const lowestWindow = 10;
const highestWindow = 100;
const intervalMs = 1000;

/** Connections whose window says something of the path; one whose sender has closed may still be sending. */
const states = ["established", "fin-wait-1", "close-wait", "last-ack"].flatMap((state) => ["state", state]);

/** The daemon on one host, for one destination. It looks only while its own traffic runs: in between it would see nothing. */
export class Riptide {
  readonly #sender: TestbedHost;
  readonly #destination: string;
  #untilLookMs = intervalMs;
  #window: number | undefined;
  #looks = 0;

  constructor(sender: TestbedHost, receiver: TestbedHost) {
    this.#sender = sender;
    this.#destination = receiver.address;
    // Never less than the largest window there can be.
    ipCommand([`route replace ${sender.address} dev data0 initrwnd ${highestWindow}`], receiver.namespace);
  }

  /** What the route says; undefined: nothing yet. */
  get window(): number | undefined {
    return this.#window;
  }

  /** How often it has looked so far. */
  get looks(): number {
    return this.#looks;
  }

  /** Lets traffic run, looking once for every second of it. */
  async during<Result>(traffic: Promise<Result>): Promise<Result> {
    let ended = false;
    const end = traffic.finally(() => {
      ended = true;
    });
    for (;;) {
      const startedMs = performance.now();
      await Promise.race([end, pauseMs(this.#untilLookMs)]);
      this.#untilLookMs -= performance.now() - startedMs;
      if (ended) return end;
      if (this.#untilLookMs <= 0) await this.#look();
    }
  }

  async #look(): Promise<void> {
    this.#untilLookMs = intervalMs;
    this.#looks += 1;
    const output = await this.#sender.run("ss", ["-tinOH", ...states], { inCgroup: false });
    const window = riptideWindow(output, this.#destination);
    if (window === undefined) return;
    this.#window = window;
    ipCommand([`route replace ${this.#destination} dev data0 initcwnd ${window}`], this.#sender.namespace);
  }
}

/** The window for a destination from the output of `ss -tinO`; undefined where no connection to it is open. */
export function riptideWindow(output: string, destination: string): number | undefined {
  const cwnds: number[] = [];
  for (const line of output.split("\n")) {
    const [, peer, cwnd] = /\S+:\d+\s+(\S+):\d+\s.*\bcwnd:(\d+)/.exec(line) ?? [];
    if (peer === destination) cwnds.push(Number(cwnd));
  }
  if (cwnds.length === 0) return undefined;
  const mean = cwnds.reduce((sum, cwnd) => sum + cwnd, 0) / cwnds.length;
  return Math.min(highestWindow, Math.max(lowestWindow, Math.round(mean)));
}

function pauseMs(lengthMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, lengthMs));
  });
}
