/** Everything the kernel benchmark measures, in its order. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Advice } from "../../node-agent/core/advice-admission.ts";
import { addressFromText } from "../../proto/address.ts";
import type { CallbackCost } from "./kernel-callbacks.ts";
import { measureCallbacks } from "./kernel-callbacks.ts";
import type { CabledHosts } from "./kernel-hosts.ts";
import type { Load } from "./kernel-load.ts";
import { startBulk, startConnections, startMixed } from "./kernel-load.ts";
import type { MeasuredProgram } from "./kernel-program.ts";
import { medianOf } from "./kernel-ratio.ts";
import type { Condition, Part, Round } from "./kernel-rounds.ts";
import { measureRounds } from "./kernel-rounds.ts";

/** What the program does to connections: not there, without advice for them, with it, or switched off. */
export type ConnectionCase = "detached" | "attached" | "granted" | "switchedOff";
export type BulkCase = "detached" | "attached";
/** Loads under which callbacks are timed. */
export type CallbackCase = "mixed" | "connections" | "bulk" | "granted" | "switchedOff";

/** Everything that was measured. */
export interface Measured {
  readonly connections: readonly Round<ConnectionCase>[];
  readonly bulk: readonly Round<BulkCase>[];
  readonly callbacks: Readonly<Record<CallbackCase, CallbackCost>>;
  /** Of the connections to an advised host, how many were granted a window at both of their ends. */
  readonly grantedShare: number;
  readonly otherDestinations: number;
}

/** Says how far it is. */
export type Say = (text: string) => void;

/** Hosts of a cluster that this host has advice for, besides those it talks to. */
const otherDestinations = 4096;
const adviceLifeSeconds = 7200;
const warmUpMs = 500;
const roundsBetweenWords = 10;

/** Times the callbacks, then measures both ratios in `count` rounds each. */
export async function measureAll(
  program: MeasuredProgram,
  hosts: CabledHosts,
  count: number,
  say: Say,
): Promise<Measured> {
  const during = async <Result>(start: typeof startMixed, act: (load: Load) => Promise<Result>): Promise<Result> => {
    // Of a connection that began before the program was attached it would never hear.
    program.attach();
    const load = await start(hosts);
    await sleep(warmUpMs);
    program.detach();
    const result = await act(load);
    await load.stop();
    return result;
  };
  const rounds = <Name extends string>(what: string, load: Load, conditions: readonly Condition<Name>[]) =>
    measureRounds(conditions, hosts, load, count, async (soFar) => {
      await program.drain(hosts.client.address);
      progress(what, soFar as readonly Readonly<Record<string, Part>>[], count, say);
    });
  const callbacks = (load: Load): Promise<CallbackCost> => measureCallbacks(program, load);

  program.advise(adviceForOthers(), adviceLifeSeconds);
  say("timing callbacks");
  const mixed = await during(startMixed, callbacks);
  const bulkAlone = await during(startBulk, callbacks);
  const bulk = await during(startBulk, (load) => rounds("bulk", load, [detached(), attached(program)]));
  const connections = await during(startConnections, async (load) => {
    const conditions = [
      detached(),
      attached(program),
      granted(program, await adviceForBoth(program, hosts)),
      switchedOff(program),
    ] as const;
    return {
      alone: await callbacks(load),
      granted: await within(conditions[2], async () => ({
        cost: await callbacks(load),
        share: await grantedShareOf(program, load),
      })),
      switchedOff: await within(conditions[3], () => callbacks(load)),
      rounds: await rounds<ConnectionCase>("connections/s", load, conditions),
    };
  });
  return {
    connections: connections.rounds,
    bulk,
    callbacks: {
      mixed,
      bulk: bulkAlone,
      connections: connections.alone,
      granted: connections.granted.cost,
      switchedOff: connections.switchedOff,
    },
    grantedShare: connections.granted.share,
    otherDestinations,
  };
}

function detached(): Condition<"detached"> {
  return { name: "detached", enter: () => undefined, leave: () => undefined };
}

function attached(program: MeasuredProgram): Condition<"attached"> {
  return { name: "attached", enter: () => program.attach(), leave: () => program.detach() };
}

function granted(program: MeasuredProgram, advice: readonly Advice[]): Condition<"granted"> {
  return {
    name: "granted",
    enter: () => {
      program.advise(advice, adviceLifeSeconds);
      program.attach();
    },
    leave: () => {
      program.detach();
      program.withdraw(advice);
    },
  };
}

function switchedOff(program: MeasuredProgram): Condition<"switchedOff"> {
  return {
    name: "switchedOff",
    enter: () => {
      program.setMode("off");
      program.attach();
    },
    leave: () => {
      program.detach();
      program.setMode("apply");
    },
  };
}

async function within<Result>(condition: Condition<string>, act: () => Promise<Result>): Promise<Result> {
  condition.enter();
  const result = await act();
  condition.leave();
  return result;
}

function progress(what: string, rounds: readonly Readonly<Record<string, Part>>[], count: number, say: Say): void {
  if (rounds.length === 0 || (rounds.length % roundsBetweenWords !== 0 && rounds.length !== count)) return;
  const rate = (part: Part | undefined): number => part?.perSecond ?? Number.NaN;
  const ratio = medianOf(rounds.map((round) => rate(round["attached"]) / rate(round["detached"])));
  say(`${what}: ${rounds.length} of ${count} rounds, with / without ${ratio.toFixed(4)}`);
}

function adviceForOthers(): Advice[] {
  return Array.from({ length: otherDestinations }, (_, index) =>
    adviceFor(`10.77.${2 + (index >> 8)}.${index & 255}`, 1000),
  );
}

/** What a host would be told of a fast path: the window, the pacing and the receiver are all set. */
function adviceFor(address: string, minRttUs: number): Advice {
  return {
    address: addressFromText(address) ?? new Uint8Array(16),
    prefixLength: 128,
    version: 1,
    windowSegments: 100,
    receiveWindowBytes: 1 << 20,
    pathRateBytesPerSecond: 1_250_000_000,
    minRttUs,
    burstSegments: 0,
    isCapacityKnown: false,
    rtoMinUs: 0,
    togetherSegments: 0,
    togetherHosts: 0,
  };
}

/** For either host of the other, so that handshakes fit: their RTT may be half to ten times the one remembered. */
async function adviceForBoth(program: MeasuredProgram, { client, server }: CabledHosts): Promise<Advice[]> {
  program.attach();
  await program.drain(client.address);
  await sleep(warmUpMs);
  program.detach();
  const rttUs = await program.drain(client.address);
  if (rttUs === undefined) throw new Error("Cannot advise: the program has sampled no RTT");
  return [client, server].map(({ address }) => adviceFor(address, Math.max(1, Math.round(rttUs / 3))));
}

async function grantedShareOf(program: MeasuredProgram, load: Load): Promise<number> {
  program.attach();
  await sleep(warmUpMs);
  const before = { granted: program.counter("window_granted"), done: load.done() };
  await sleep(warmUpMs);
  const windows = program.counter("window_granted") - before.granted;
  program.detach();
  return windows / 2 / (load.done() - before.done);
}
