import fc from "fast-check";
import { expect, test } from "vitest";
import { pathReport, payloadMaxBytes } from "../../../proto/messages.ts";
import { isWideColumn, reportColumn } from "../../../proto/path-report-reader.ts";
import type { ReportColumnName } from "../../../proto/path-report-writer.ts";
import { PathReportWriter } from "../../../proto/path-report-writer.ts";

const names = Object.keys(reportColumn) as ReportColumnName[];
const frames = fc.record({
  hostId: fc.stringMatching(/^[a-z0-9.-]{0,200}$/),
  epoch: fc.maxSafeNat(),
  sequence: fc.maxSafeNat(),
  endedUnixMs: fc.maxSafeNat(),
  intervalUs: fc.integer({ min: 0, max: 0xffff_ffff }),
  reportsDropped: fc.maxSafeNat(),
});

test("seal() writes what the library reads", () => {
  fc.assert(
    fc.property(frames, fc.array(fc.infiniteStream(fc.nat(0xffff_ffff)), { maxLength: 300 }), (frame, rows) => {
      const writer = new PathReportWriter(300);
      const wanted = new Map<string, number[]>(names.map((name) => [name, []]));
      for (const [row, numbers] of rows.entries()) {
        writer.destinations.fill(row, 16 * row, 16 * row + 16);
        for (const name of names) {
          const low = numbers.next().value ?? 0;
          const isWide = isWideColumn(reportColumn[name]);
          // As large as a number of the library is exact.
          const high = isWide ? low % 2 ** 21 : 0;
          if (isWide) writer.column(name).set([low, high], 2 * row);
          else writer.column(name)[row] = low;
          wanted.get(name)?.push(low + high * 2 ** 32);
        }
      }
      writer.rows = rows.length;
      const opened = pathReport.open(writer.seal(frame));
      const destinations = Buffer.concat(rows.map((_, row) => Buffer.alloc(16, row)));
      expect(opened).toEqual({ ok: true, message: { ...frame, destinations, ...Object.fromEntries(wanted) } });
    }),
    { numRuns: 50 },
  );
});

test("seal() makes a payload that is taken, however many rows an agent puts into one", () => {
  const writer = new PathReportWriter(4096);
  writer.rows = 4096;
  const frame = { hostId: "a", epoch: 1, sequence: 1, endedUnixMs: 1, intervalUs: 1, reportsDropped: 0 };
  expect(writer.seal(frame).length).toBeLessThan(payloadMaxBytes);
});

test.each([0, 40, 1 << 20])("seal() writes the same into spare memory of %d bytes, whatever was in there", (bytes) => {
  const writer = new PathReportWriter(64);
  writer.rows = 64;
  writer.destinations.fill(7);
  const frame = { hostId: "a", epoch: 1, sequence: 1, endedUnixMs: 1, intervalUs: 1, reportsDropped: 0 };
  const spare = Buffer.alloc(bytes, 0xa5);
  const payload = writer.seal(frame, spare);
  expect(payload).toEqual(writer.seal(frame));
  expect(payload.buffer === spare.buffer).toBe(bytes > payload.length);
});
