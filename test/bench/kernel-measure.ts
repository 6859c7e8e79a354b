/** Everything the kernel benchmark measures, in its order. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Advice } from "../../node-agent/core/advice-admission.ts";
import { addressFromText } from "../../proto/address.ts";
import { measureCallbacks } from "./kernel-callbacks.ts";
import type { CabledHosts } from "./kernel-hosts.ts";
import type { Load } from "./kernel-load.ts";
import { lastCpu, startBulk, startConnections, startMixed } from "./kernel-load.ts";
import type { MeasuredProgram } from "./kernel-program.ts";
import { medianOf } from "./kernel-ratio.ts";
import type { Measured } from "./kernel-report.ts";
import type { Round } from "./kernel-rounds.ts";
import { measureRounds } from "./kernel-rounds.ts";

/** Says how far it is. */
export type Say = (text: string) => void;

/** Hosts of a cluster that this host has advice for, besides those it talks to. */
const otherDestinations = 4096;
const adviceLifeSeconds = 7200;
const warmUpMs = 500;
const roundsBetweenWords = 10;

/** Measures callbacks, then each ratio in `count` rounds. */
export async function measureAll(
  program: MeasuredProgram,
  hosts: CabledHosts,
  count: number,
  say: Say,
): Promise<Measured> {
  const cpu = lastCpu();
  const rounds = (what: string, load: Load): Promise<readonly Round[]> =>
    measureRounds(program, hosts, load, count, progressOf(what, count, say));
  const during = async <Result>(start: typeof startMixed, act: (load: Load) => Promise<Result>): Promise<Result> => {
    // Of a connection that began before the program was attached it would never hear.
    program.attach();
    const load = await start(hosts, cpu);
    await sleep(warmUpMs);
    const result = await act(load);
    await load.stop();
    return result;
  };
  const callbacks = (start: typeof startMixed) => during(start, (load) => measureCallbacks(program, load));

  program.advise(adviceForOthers(), adviceLifeSeconds);
  say(`timing callbacks, both hosts on CPU ${cpu}`);
  const mixed = await callbacks(startMixed);
  const bulkAlone = await callbacks(startBulk);
  const connectionsAlone = await callbacks(startConnections);
  program.setMode("off");
  const switchedOff = await callbacks(startConnections);
  program.setMode("apply");
  const connections = await during(startConnections, (load) => rounds("connections/s", load));
  const bulk = await during(startBulk, (load) => rounds("bulk", load));
  const armed = await during(startConnections, async (load) => {
    say(`advice for both hosts: they remember ${await adviseBoth(program, hosts)} us`);
    return {
      callbacks: await measureCallbacks(program, load),
      rounds: await rounds("connections/s, each granted a window", load),
      grantedShare: await grantedShareOf(program, load),
    };
  });
  return {
    connections,
    bulk,
    armed: armed.rounds,
    callbacks: {
      mixed,
      connections: connectionsAlone,
      bulk: bulkAlone,
      armed: armed.callbacks,
      switched_off: switchedOff,
    },
    grantedShare: armed.grantedShare,
    otherDestinations,
  };
}

function progressOf(what: string, count: number, say: Say): (round: Round) => void {
  const ratios: number[] = [];
  return ({ attached, detached }) => {
    ratios.push(attached.perSecond / detached.perSecond);
    if (ratios.length % roundsBetweenWords !== 0 && ratios.length !== count) return;
    say(`${what}: ${ratios.length} of ${count} rounds, with / without ${medianOf(ratios).toFixed(4)}`);
  };
}

function adviceForOthers(): Advice[] {
  return Array.from({ length: otherDestinations }, (_, index) => adviceFor(`10.99.${index >> 8}.${index & 255}`, 1000));
}

/** What a host would be told of a fast path. The window, the pacing and the receiver are all set. */
function adviceFor(address: string, minRttUs: number): Advice {
  return {
    address: addressFromText(address) ?? new Uint8Array(16),
    prefixLength: 128,
    version: 1,
    windowSegments: 100,
    receiveWindowBytes: 1 << 20,
    pathRateBytesPerSecond: 1_250_000_000,
    minRttUs,
  };
}

/** Advises either host for the other, so that handshakes fit: their RTT may be half to ten times the one remembered. */
async function adviseBoth(program: MeasuredProgram, { client, server }: CabledHosts): Promise<number> {
  await program.drain(client.address);
  await sleep(warmUpMs);
  const rttUs = await program.drain(client.address);
  if (rttUs === undefined) throw new Error("Cannot advise: the program has sampled no RTT");
  const minRttUs = Math.max(1, Math.round(rttUs / 2));
  const entries = [client.address, server.address].map((address) => adviceFor(address, minRttUs));
  program.advise(entries, adviceLifeSeconds);
  return minRttUs;
}

async function grantedShareOf(program: MeasuredProgram, load: Load): Promise<number> {
  program.attach();
  await sleep(warmUpMs);
  const before = { granted: program.counter("window_granted"), done: load.done() };
  await sleep(warmUpMs);
  const granted = program.counter("window_granted") - before.granted;
  program.detach();
  return granted / 2 / (load.done() - before.done);
}
