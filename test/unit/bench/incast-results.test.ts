import { expect, test } from "vitest";
import type { IncastBurst } from "../../bench/incast-bed.ts";
import type { IncastResult, IncastSystemResult } from "../../bench/incast-results.ts";
import { incastSummary, systemResult } from "../../bench/incast-results.ts";
import type { TimedTransfer } from "../../testbed/load.ts";

function answer(startUs: number, us: number, error: string | null = null): TimedTransfer {
  return { startUs, us, bytes: 1, error };
}

test("systemResult() takes the whole from the first connect() to the last byte of a round", () => {
  const burst: IncastBurst = {
    rounds: [
      [answer(0, 4_000), answer(1_000, 9_000)],
      [answer(50_000, 6_000), answer(50_500, 1_000, "TIMEOUT")],
    ],
    retransmittedSegments: 7,
    drops: 9,
  };
  expect(systemResult([burst])).toMatchObject({
    rounds: 2,
    answers: 4,
    errors: 1,
    whole_p50_ms: 6,
    whole_max_ms: 10,
    answer_p99_ms: 9,
    retransmitted_segments: 7,
    drops: 9,
  });
});

function result(theirs: Partial<IncastSystemResult>, ours: Partial<IncastSystemResult>, cell = "a"): IncastResult {
  const single = { answers: 10, p50_ms: 5, p90_ms: 6 };
  const system = { ...systemResult([]), rounds: 10, whole_p50_ms: 10, answer_p99_ms: 10 };
  return {
    cell,
    sources: 4,
    size_bytes: 1,
    rtt_ms: 1,
    buffer_bytes: 1,
    limit_ms: 5,
    default: { ...system, ...theirs },
    augmenter: { ...system, ...ours },
    alone: { default: single, augmenter: { ...single, p50_ms: 4 } },
    advice: { sources_advised: 4, window_segments: 10, rate_mbit_per_s: 1 },
    decisions: {},
    lateness_p99_us: 1,
    seconds: 1,
  };
}

test("incastSummary() is the geometric mean of medians, the worst p99, and retransmissions a round", () => {
  const rows = [
    result({ whole_p50_ms: 40, retransmitted_segments: 100 }, { retransmitted_segments: 10 }),
    result({ retransmitted_segments: 100, rounds: 20 }, { answer_p99_ms: 20, retransmitted_segments: 20 }, "b"),
  ];
  expect(incastSummary(rows)).toMatchObject({
    completion_ratio_geomean: 2,
    worst_p99_ratio: 0.5,
    worst_p99_cell: "b",
    retransmit_ratio: 0.2,
    alone_ratio_geomean: 1.25,
    worst_alone_ratio: 1.25,
    cells: 2,
  });
});

test("incastSummary() says nothing of nothing", () => {
  expect(incastSummary([])).toMatchObject({
    completion_ratio_geomean: null,
    worst_p99_ratio: null,
    retransmit_ratio: null,
  });
});
