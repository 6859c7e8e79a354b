import { expect, test } from "vitest";
import { FailureLog } from "../../../../aggregator/core/failure-log.ts";
import { address } from "../fixtures.ts";

const failed = {
  atMs: 0,
  windowSegments: 1,
  segmentsDelivered: 0,
  segmentsLost: 1,
  effect: "lowered",
  rateBeforeBytesPerSecond: 2,
  rateAfterBytesPerSecond: 1,
};

test("FailureLog keeps the newest of each path, of the paths that failed last", () => {
  const log = new FailureLog({ pathsMax: 2, perPathMax: 2 });
  for (const atMs of [1, 2, 3]) log.add("a", address("10.0.0.1"), { ...failed, atMs });
  expect(log.of("a", address("10.0.0.1")).map(({ atMs }) => atMs)).toEqual([3, 2]);
  log.add("a", address("10.0.0.2"), failed);
  log.add("b", address("10.0.0.1"), failed);
  expect(log.of("a", address("10.0.0.1"))).toEqual([]);
  expect(log.of("b", address("10.0.0.1"))).toHaveLength(1);
});
