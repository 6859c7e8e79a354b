import { expect, test } from "vitest";
import { inferenceBounds, tableBounds } from "../../../../aggregator/core/bounds.ts";
import { Hosts } from "../../../../aggregator/core/hosts.ts";
import type { InferenceBounds, Learner } from "../../../../aggregator/core/inference.ts";
import { Inference } from "../../../../aggregator/core/inference.ts";
import { announcement, emptyView } from "../fixtures.ts";

function inferenceOf(hostCount: number, bounds: InferenceBounds): Inference {
  const hosts = new Hosts(tableBounds);
  for (let host = 0; host < hostCount; host += 1) hosts.heard(`host-${host}`, 1, 0, 0);
  return new Inference(hosts, bounds);
}

function learnerAt(learnedMs: number): Learner {
  return { turns: [0, 0], learnedMs };
}

test.each([1, 2, 3, 8, 16, 24, 100])("turnOf() comes to all of %d rows in either order", (rows) => {
  const { inference } = emptyView();
  const learner = learnerAt(0);
  const seen = [new Set<number>(), new Set<number>()];
  for (let sequence = 1; sequence <= 2 * Math.ceil(rows / 8); sequence += 1) {
    const parity = sequence % 2 === 0 ? 0 : 1;
    for (const place of inference.turnOf(learner, parity, rows, 1_000 * sequence)) seen[parity]?.add(place);
  }
  expect(seen.map(({ size }) => size)).toEqual([rows, rows]);
});

test("turnOf() has no rows of a report that has none, and stays within one that has fewer than the last", () => {
  const { inference } = emptyView();
  const learner = learnerAt(0);
  expect(inference.turnOf(learner, 0, 0, 1_000)).toEqual([]);
  for (let report = 1; report <= 12; report += 1) inference.turnOf(learner, 0, 100, 1_000 * report);
  expect(Math.max(...inference.turnOf(learner, 0, 3, 13_000))).toBeLessThan(3);
});

test("turnOf() divides its time among hosts that report here, not among those that only introduce themselves, or are gone", () => {
  const hosts = new Hosts(tableBounds);
  const inference = new Inference(hosts, { ...inferenceBounds, rowsPerSecondMax: 20 });
  for (let host = 0; host < 40; host += 1) hosts.announce(announcement(`host-${host}`, []), `host-${host}`, 0);
  for (let host = 0; host < 4; host += 1) hosts.heard(`host-${host}`, 1_000, 0, 0);
  expect(inference.turnOf(learnerAt(0), 0, 100, 1_000)).toHaveLength(5);
  for (let host = 0; host < 2; host += 1) hosts.heard(`host-${host}`, 1_000, 0, 60_000);
  hosts.expire(60_001);
  expect(inference.turnOf(learnerAt(60_000), 0, 100, 61_000), "two are left").toHaveLength(8);
});

test.each([
  [4, 50, 5],
  [4, 1_000, 5],
  [10, 1_000, 2],
  [40, 1_000, 0.5],
  [40, 970, 0.5],
])("turnOf() with %d hosts that report every %d ms has %d rows of each a second", (hosts, everyMs, perSecond) => {
  const inference = inferenceOf(hosts, { ...inferenceBounds, rowsPerSecondMax: 20 });
  const learner = learnerAt(Number.NEGATIVE_INFINITY);
  let rows = 0;
  for (let nowMs = 0; nowMs < 60_000; nowMs += everyMs) rows += inference.turnOf(learner, 0, 100, nowMs).length;
  expect(rows).toBeGreaterThanOrEqual(60 * perSecond - 1);
  expect(rows).toBeLessThanOrEqual(60 * perSecond + Math.max(1, perSecond));
});
