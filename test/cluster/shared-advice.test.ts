/** What one host cannot know: an aggregator between a real NATS server and fifty played hosts that send to the same destination. */
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "nats";
import { expect, onTestFinished, test } from "vitest";
import { startAggregator } from "../../aggregator/aggregator.ts";
import { systemClock } from "../../aggregator/clock.ts";
import { aggregatorProgram } from "../../aggregator/options.ts";
import { silentLog } from "../../common/log.ts";
import { readOptions } from "../../common/options.ts";
import { Shutdown } from "../../common/shutdown.ts";
import type { PathReport } from "../../proto/gen/augmenter/v1/PathReport.ts";
import { PlayedHost, playedPath } from "./played-host.ts";
import { eventually, startBroker } from "./program-run.ts";

const sources = 50;
const receiver = "10.1.0.1";

/** A receiver and fifty sources, connected to an aggregator that has just started. */
async function startHosts(): Promise<{ readonly sender: readonly PlayedHost[]; readonly far: PlayedHost }> {
  const natsUrl = await startBroker();
  const outcome = readOptions(
    aggregatorProgram,
    [`--nats-url=${natsUrl}`, "--grpc-listen=127.0.0.1:0", "--http-listen=127.0.0.1:0"],
    {},
  );
  if (outcome.kind !== "values") throw new Error("Cannot read the options");
  const shutdown = new Shutdown({ deadlineMs: 5_000, log: silentLog() });
  await startAggregator({ options: outcome.values, clock: systemClock, log: silentLog(), shutdown });
  const nats = await connect({ servers: natsUrl });
  onTestFinished(async () => {
    await nats.close();
    await shutdown.run();
  });
  const sender = Array.from(
    { length: sources },
    (_, index) => new PlayedHost(nats, `s${index}`, `10.0.0.${index + 1}`),
  );
  const far = new PlayedHost(nats, "receiver", receiver);
  for (const host of [...sender, far]) host.announce();
  return { sender, far };
}

/** Every source's newest rate for the receiver is what is wanted. */
function newestRates(hosts: readonly PlayedHost[]): readonly number[] {
  return hosts.map(({ updates }) => {
    const entries = updates.flatMap((update) => update.entries);
    return entries.at(-1)?.pathRateBytesPerSecond ?? 0;
  });
}

test("a window that fails on one host lowers the advice of all others within 250 ms", async () => {
  const { sender } = await startHosts();
  for (const host of sender) host.reportPath(receiver);
  await eventually(() => expect(newestRates(sender).every((rate) => rate > 0)).toBe(true), 8_000);
  const [reporter, ...others] = sender;
  const full = playedPath.rate * 0.96;
  for (const rate of newestRates(sender)) expect(rate).toBeCloseTo(full, -4);
  const version = reporter?.updates.at(-1)?.version ?? 0;
  for (const host of sender) host.forgetUpdates();

  const toldMs = performance.now();
  reporter?.failedJump(receiver, version);
  await eventually(() => expect(newestRates(sender).every((rate) => rate > 0)).toBe(true), 2_000);
  expect(performance.now() - toldMs).toBeLessThan(250);
  expect(newestRates(sender)[0]).toBeCloseTo(full * 0.7, -4);
  for (const rate of newestRates(others)) expect(rate / full).toBeCloseTo(0.85, 2);

  // Another host confirms it.
  for (const host of sender) host.forgetUpdates();
  others[0]?.failedJump(receiver, version + 1);
  await eventually(() => expect(newestRates(others.slice(1)).every((rate) => rate > 0)).toBe(true), 2_000);
  for (const rate of newestRates(others.slice(1))) expect(rate / full).toBeLessThan(0.72);
});

test("hosts that answer one at once and lose are each told their part of its link", async () => {
  const { sender, far } = await startHosts();
  const losses: Partial<PathReport> = {
    segmentsSent: [1_000],
    segmentsRetransmitted: [60],
    lossFlightHighest: [14],
    bytesAcked: [8 * 90 * 1448],
  };
  const addresses = sender.map((_, index) => `10.0.0.${index + 1}`);
  far.reportPaths(addresses, { hostsTogether: addresses.map(() => sources) });
  for (let second = 0; second < 5; second += 1) {
    for (const host of sender) host.reportPath(receiver, losses);
    await sleep(500);
  }
  // Half of fourteen segments in flight, as slow start has sent twice what fits; all of them told the same.
  const told = () =>
    sender.map(({ updates }) => {
      const toReceiver = updates.flatMap(({ entries }) => entries).filter((entry) => entry.windowSegments > 0);
      return toReceiver.at(-1);
    });
  await eventually(() => expect(told().map((entry) => entry?.togetherSegments)).toEqual(sender.map(() => 7)), 8_000);
  for (const entry of told()) expect(entry).toMatchObject({ windowSegments: 7, burstSegments: 0, capacityKnown: true });
});
