import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ResendRing } from "../../../../node-agent/core/resend-ring.ts";
import {
  emptyRing,
  ringAfterConfirm,
  ringAfterDisconnect,
  ringAfterPublish,
  ringDue,
  ringWith,
} from "../../../../node-agent/core/resend-ring.ts";

const limits = { reports: 3, bytes: 100 };

function ringOf(sequences: readonly number[], payloadBytes = 10): ResendRing {
  return sequences.reduce(
    (ring, sequence) => ringWith(ring, sequence, new Uint8Array(payloadBytes), limits),
    emptyRing,
  );
}

function sequences(ring: ResendRing): number[] {
  return ring.held.map((report) => report.sequence);
}

describe("ringWith()", () => {
  it("drops the oldest beyond the number of reports and counts them", () => {
    const ring = ringOf([1, 2, 3, 4, 5]);
    expect(sequences(ring)).toEqual([3, 4, 5]);
    expect(ring.dropped).toBe(2);
  });

  it("drops the oldest beyond the bytes", () => {
    const ring = ringOf([1, 2, 3], 40);
    expect(sequences(ring)).toEqual([2, 3]);
    expect(ring.bytes).toBe(80);
  });

  it("drops even the new one where it alone is too large", () => {
    expect(ringOf([1], 101)).toEqual({ held: [], bytes: 0, dropped: 1 });
  });
});

describe("ringAfterConfirm()", () => {
  it("lets go only of what was published up to the confirmed one", () => {
    const published = ringAfterPublish(ringOf([1, 2, 3]), new Set([1, 2]));
    expect(sequences(ringAfterConfirm(published, 1))).toEqual([2, 3]);
    expect(sequences(ringAfterConfirm(published, 3))).toEqual([3]);
  });
});

describe("ringAfterDisconnect()", () => {
  it("makes unconfirmed reports due again, oldest first", () => {
    const published = ringAfterPublish(ringOf([1, 2, 3]), new Set([1, 2]));
    expect(ringDue(published, 9).map((report) => report.sequence)).toEqual([3]);
    expect(ringDue(ringAfterDisconnect(published), 2).map((report) => report.sequence)).toEqual([1, 2]);
  });
});

describe("a resend ring", () => {
  it("accounts for every report: made = confirmed + held + dropped, whatever happens", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("make" as const), bytes: fc.integer({ min: 0, max: 120 }) }),
      fc.record({
        kind: fc.constantFrom("publish" as const, "confirm" as const, "disconnect" as const),
        bytes: fc.constant(0),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        let ring = emptyRing;
        let made = 0;
        let confirmed = 0;
        for (const { kind, bytes } of steps) {
          if (kind === "make") {
            made += 1;
            ring = ringWith(ring, made, new Uint8Array(bytes), limits);
          }
          if (kind === "publish")
            ring = ringAfterPublish(ring, new Set(ringDue(ring, 2).map((report) => report.sequence)));
          if (kind === "disconnect") ring = ringAfterDisconnect(ring);
          if (kind === "confirm") {
            const before = ring.held.length;
            ring = ringAfterConfirm(
              ring,
              Math.max(0, ...ring.held.filter((report) => report.published).map((report) => report.sequence)),
            );
            confirmed += before - ring.held.length;
          }
          expect(ring.held.length).toBeLessThanOrEqual(limits.reports);
          expect(ring.bytes).toBe(ring.held.reduce((sum, report) => sum + report.payload.length, 0));
          expect(ring.bytes).toBeLessThanOrEqual(limits.bytes);
        }
        expect(made).toBe(confirmed + ring.held.length + ring.dropped);
      }),
    );
  });
});
