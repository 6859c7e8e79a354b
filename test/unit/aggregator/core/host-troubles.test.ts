import { expect, test } from "vitest";
import type { TroubleReasons } from "../../../../aggregator/core/host-troubles.ts";
import { reasonsAfter, troublesAfter } from "../../../../aggregator/core/host-troubles.ts";

test("troublesAfter() counts each kind by itself", () => {
  const counts = troublesAfter(troublesAfter({ moved: 1 }, "row_refused", 3), "row_refused", 2);
  expect(counts).toEqual({ moved: 1, row_refused: 5 });
});

test("reasonsAfter() counts each reason of a kind, and keeps a bounded number of them", () => {
  let reasons: TroubleReasons = {};
  for (const times of [2, 3]) reasons = reasonsAfter(reasons, "row_refused", "rtt_out_of_range", times);
  reasons = reasonsAfter(reasons, "message_refused", "rtt_out_of_range", 1);
  expect(reasons).toEqual({ row_refused: { rtt_out_of_range: 5 }, message_refused: { rtt_out_of_range: 1 } });
  for (let index = 0; index < 1_000; index += 1) reasons = reasonsAfter(reasons, "row_refused", `reason ${index}`, 1);
  reasons = reasonsAfter(reasons, "row_refused", "rtt_out_of_range", 1);
  expect(Object.keys(reasons.row_refused ?? {}).length).toBeLessThanOrEqual(33);
  expect(reasons.row_refused).toMatchObject({ rtt_out_of_range: 6, other: 1_000 - 31 });
});
