import fc from "fast-check";
import { expect, test } from "vitest";
import { pathReport, payloadMaxBytes } from "../../../proto/messages.ts";
import { PathReportReader } from "../../../proto/path-report-reader.ts";
import { PathReportWriter } from "../../../proto/path-report-writer.ts";
import type { ReportColumnName } from "../../../proto/report-columns.ts";
import { isWideColumn, reportColumn } from "../../../proto/report-columns.ts";
import { openedReport } from "./opened-report.ts";

const names = Object.keys(reportColumn) as ReportColumnName[];
const frames = fc.record({
  hostId: fc.stringMatching(/^[a-z0-9.-]{0,200}$/),
  epoch: fc.maxSafeNat(),
  sequence: fc.maxSafeNat(),
  endedUnixMs: fc.maxSafeNat(),
  intervalUs: fc.integer({ min: 0, max: 0xffff_ffff }),
  reportsDropped: fc.maxSafeNat(),
});

// Of a column most numbers are small, and in some there are none.
const numbersUpTo = fc.constantFrom(0, 0xff, 0xffff, 0xff_ffff, 0xffff_ffff);
const rowNumbers = numbersUpTo.chain((max) => fc.array(fc.infiniteStream(fc.nat(max)), { maxLength: 300 }));

test("seal() writes what is read again, and the library takes for the same", () => {
  fc.assert(
    fc.property(frames, rowNumbers, (frame, rows) => {
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
      const payload = writer.seal(frame);
      const destinations = Buffer.concat(rows.map((_, row) => Buffer.alloc(16, row)));
      const message = { ...frame, destinations, ...Object.fromEntries(wanted) };
      expect(openedReport(payload)).toMatchObject(message);
      const opened = pathReport.open(payload);
      expect(opened).toMatchObject({ ok: true, message: { ...frame, destinations } });
      if (opened.ok) expect(openedReport(pathReport.seal(opened.message))).toMatchObject(message);
      expect(openedReport(pathReport.seal(message))).toMatchObject(message);
    }),
    { numRuns: 100 },
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

test("seal() gives a column no more bytes than its largest number needs", () => {
  const writer = new PathReportWriter(3);
  writer.rows = 3;
  const frame = { hostId: "a", epoch: 1, sequence: 1, endedUnixMs: 1, intervalUs: 1, reportsDropped: 0 };
  const bytesWith = (name: ReportColumnName, word: number, value: number): number => {
    writer.column(name).fill(0)[word] = value;
    const reader = new PathReportReader();
    expect(reader.read(writer.seal(frame))).toBeUndefined();
    return reader.narrowBytes / 3;
  };
  expect([0, 1, 0xff, 0x100, 0xffff, 0x1_0000, 0xffff_ffff].map((value) => bytesWith("mssBytes", 2, value))).toEqual([
    0, 1, 1, 2, 2, 4, 4,
  ]);
  writer.column("mssBytes").fill(0);
  expect([0, 0xff, 0xffff_ffff].map((value) => bytesWith("bytesAcked", 4, value))).toEqual([0, 1, 4]);
  expect(bytesWith("bytesAcked", 5, 1)).toBe(8);
});
