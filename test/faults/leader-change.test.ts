/** Two real aggregators and a real broker: what a change of leaders does to hosts under load. The hosts are played. */
import type { NatsConnection } from "nats";
import { connect } from "nats";
import { expect, onTestFinished, test } from "vitest";
import { eventually, startBroker, startProgram } from "../cluster/program-run.ts";
import { PlayedFleet } from "../testbed/played-fleet.ts";
import type { RunningProcess } from "../testbed/running-process.ts";

const size = { hosts: 40, pathsPerHost: 10, reportIntervalMs: 1_000 };
const ttlMs = 10_000;
const takeoverMaxMs = 5_000;

interface Aggregator {
  readonly process: RunningProcess;
  readonly httpPort: number;
}

interface Readiness {
  readonly status: string;
  readonly role: "leader" | "standby";
  readonly term: number;
}

async function startAggregator(natsUrl: string, args: readonly string[] = []): Promise<Aggregator> {
  const process = startProgram("aggregator", [
    `--nats-url=${natsUrl}`,
    "--grpc-listen=127.0.0.1:0",
    "--http-listen=127.0.0.1:0",
    `--advice-ttl-ms=${ttlMs}`,
    ...args,
  ]);
  const line = await process.waitForLine(/"msg":"started"/, 20_000);
  return { process, httpPort: (JSON.parse(line) as { httpPort: number }).httpPort };
}

async function readiness({ httpPort }: Aggregator): Promise<Readiness> {
  return (await (await fetch(`http://127.0.0.1:${httpPort}/readyz`)).json()) as Readiness;
}

async function startFleet(
  natsUrl: string,
  reportIntervalMs = size.reportIntervalMs,
): Promise<{ readonly fleet: PlayedFleet; readonly nats: NatsConnection }> {
  const nats = await connect({ servers: natsUrl });
  const fleet = new PlayedFleet(nats, { ...size, reportIntervalMs });
  onTestFinished(async () => {
    fleet.stop();
    await nats.close();
  });
  fleet.start();
  return { fleet, nats };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** When the last host took its first update of a term that is higher than another. */
function lastTakenMs(fleet: PlayedFleet, above: number): number {
  const [[, first] = []] = [...fleet.notes.firstByTerm].filter(([term]) => term > above);
  expect(first?.size, "hosts that follow the new term").toBe(size.hosts);
  return Math.max(...(first?.values() ?? []));
}

async function fleetInForce(fleet: PlayedFleet, waitMs = 20_000): Promise<void> {
  // Each path has advice for its sender, and each sender's host advice to receive from it.
  await eventually(() => expect(fleet.entriesInForce).toBe(2 * size.hosts * size.pathsPerHost), waitMs);
}

/** A leader that knows the paths well, and then a standby that has seen only little of them. */
async function leaderAndStandby() {
  const natsUrl = await startBroker();
  const leader = await startAggregator(natsUrl);
  const { fleet, nats } = await startFleet(natsUrl);
  await fleetInForce(fleet);
  expect(await readiness(leader)).toMatchObject({ status: "ready", role: "leader" });
  // From now on half of the paths are silent, and the others show a third of what they carry.
  const weak = { saturatedSamples: 0, unsaturatedBytesPerSecond: 8_000_000, unsaturatedSamples: 4 };
  fleet.tell(() => weak, size.pathsPerHost / 2);
  const standby = await startAggregator(natsUrl);
  await eventually(
    async () => expect(await readiness(standby)).toMatchObject({ status: "ready", role: "standby", term: 0 }),
    25_000,
  );
  fleet.forget();
  return { natsUrl, nats, fleet, leader, standby };
}

test("a leader that is killed is followed by a standby within 5 s, and no advice changes or runs out", async () => {
  const { fleet, leader, standby } = await leaderAndStandby();
  const [, term] = fleet.terms;

  const killedMs = performance.now();
  leader.process.kill("SIGKILL");
  await eventually(() => expect(fleet.terms[0]).toBeGreaterThan(term), takeoverMaxMs);
  expect(lastTakenMs(fleet, term) - killedMs).toBeLessThan(takeoverMaxMs);
  expect(await readiness(standby)).toMatchObject({ role: "leader", status: "ready" });

  // Long enough for what was left to run out, and for the new leader to look at every path again.
  await sleep(ttlMs + 2_000);
  expect(fleet.notes.changes).toEqual([]);
  expect(fleet.notes.lapses).toEqual([]);
  expect(fleet.entriesInForce).toBe(2 * size.hosts * size.pathsPerHost);
});

test.each([
  ["every host has said how often it reports", 13_000, true],
  ["half of the hosts have said nothing", 5_000, false],
])(
  "a standby that is not ready takes over hosts that report every 10 s, and no advice runs out: %s",
  async (_, heardMs, isIntroduced) => {
    const natsUrl = await startBroker();
    const leader = await startAggregator(natsUrl);
    const { fleet } = await startFleet(natsUrl, 10_000);
    await fleetInForce(fleet, 60_000);
    const standby = await startAggregator(natsUrl);
    if (isIntroduced) fleet.introduce();
    await sleep(heardMs);
    expect(await readiness(standby)).toMatchObject({ status: "not ready", role: "standby" });
    const [, term] = fleet.terms;
    fleet.forget();
    leader.process.kill("SIGKILL");
    // Until it would tell hosts something by itself.
    await sleep(2 * ttlMs);
    expect(fleet.notes.lapses).toEqual([]);
    expect(fleet.terms[0], "lowest term followed").toBeGreaterThan(term);
    // Whose the addresses are of hosts that have not introduced themselves is not known: receive windows for them end.
    const isReceiveOnly = (value: string) => value === "" || value.startsWith("0 / ");
    const changes = fleet.notes.changes.filter(({ before, after }) => !isReceiveOnly(before) || !isReceiveOnly(after));
    expect(isIntroduced ? fleet.notes.changes : changes).toEqual([]);
  },
  120_000,
);

test("a leader that is stopped hands over at once", async () => {
  const { fleet, leader, standby } = await leaderAndStandby();
  const [, term] = fleet.terms;
  const stoppedMs = performance.now();
  leader.process.kill("SIGTERM");
  await eventually(() => expect(fleet.terms[0]).toBeGreaterThan(term), takeoverMaxMs);
  expect(lastTakenMs(fleet, term) - stoppedMs).toBeLessThan(1_500);
  expect((await leader.process.exited).code).toBe(0);
  expect(await readiness(standby)).toMatchObject({ role: "leader" });
  expect(fleet.notes.changes).toEqual([]);
  expect(fleet.notes.lapses).toEqual([]);
});

test("a leader that stood still and believes that it still leads changes nothing on any host (FAULTS 25)", async () => {
  const { fleet, leader, standby } = await leaderAndStandby();
  const [, term] = fleet.terms;
  leader.process.kill("SIGSTOP");
  await eventually(() => expect(fleet.terms[0]).toBeGreaterThan(term), takeoverMaxMs);
  const [followed] = fleet.terms;

  // What the path carries changes while the old leader stands still, so that it has something wrong to say.
  fleet.tell(() => ({ saturatedBytesPerSecond: 12_000_000 }), size.pathsPerHost);
  await sleep(4_000);
  const changesBefore = fleet.notes.changes.length;
  expect(changesBefore).toBeGreaterThan(0);
  leader.process.kill("SIGCONT");
  await sleep(6_000);
  expect(fleet.terms).toEqual([followed, followed]);
  const later = fleet.notes.changes.slice(changesBefore);
  expect(later.filter((change) => change.term !== followed)).toEqual([]);
  // A value that went one way and came back.
  expect(flaps(fleet)).toEqual([]);
  expect(fleet.notes.lapses).toEqual([]);
  expect(await readiness(leader)).toMatchObject({ role: "standby", term: 0 });
  expect(await readiness(standby)).toMatchObject({ role: "leader", term: followed });
});

/** Destinations whose advice took a value a second time. */
function flaps(fleet: PlayedFleet): readonly string[] {
  const seen = new Map<string, Set<string>>();
  return fleet.notes.changes.flatMap(({ hostId, destination, before, after }) => {
    const key = `${hostId} ${destination}`;
    const values = seen.get(key) ?? new Set([before]);
    seen.set(key, values);
    const isBack = values.has(after);
    values.add(after);
    return isBack ? [`${key}: ${after}`] : [];
  });
}
