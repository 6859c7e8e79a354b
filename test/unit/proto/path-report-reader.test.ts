import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PathReport } from "../../../proto/gen/augmenter/v1/PathReport.ts";
import { pathReport, payloadMaxBytes } from "../../../proto/messages.ts";
import { PathReportReader } from "../../../proto/path-report-reader.ts";
import { reportColumn } from "../../../proto/report-columns.ts";

const wide = new Set(["saturatedBytesPerSecond", "unsaturatedBytesPerSecond", "bytesAcked", "trainBytesPerSecond"]);
const names = Object.keys(reportColumn) as (keyof typeof reportColumn)[];

const any32 = fc.integer({ min: 0, max: 0xffff_ffff });
const anyReport: fc.Arbitrary<PathReport> = fc.record({
  hostId: fc.stringMatching(/^[a-z0-9.-]{0,200}$/),
  epoch: fc.maxSafeNat(),
  sequence: fc.maxSafeNat(),
  endedUnixMs: fc.maxSafeNat(),
  intervalUs: any32,
  reportsDropped: fc.maxSafeNat(),
  columnWidths: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  narrowColumns: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  destinations: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  ...Object.fromEntries(
    names.map((name) => [name, fc.array(wide.has(name) ? fc.maxSafeNat() : any32, { maxLength: 40 })]),
  ),
});

/** What a reader has read, in the form of the library. */
function messageOf(reader: PathReportReader): object {
  const { hostId, epoch, sequence, endedUnixMs, intervalUs, reportsDropped, view } = reader;
  const column = (name: (typeof names)[number]): number[] => {
    const at = reader.columnAt[reportColumn[name]] ?? 0;
    const size = wide.has(name) ? 8 : 4;
    return Array.from({ length: (reader.columnBytes[reportColumn[name]] ?? 0) / size }, (_, index) =>
      size === 8 ? Number(view.getBigUint64(at + 8 * index, true)) : view.getUint32(at + 4 * index, true),
    );
  };
  return {
    hostId,
    epoch,
    sequence,
    endedUnixMs,
    intervalUs,
    reportsDropped,
    columnWidths: Buffer.from(view.buffer, view.byteOffset + reader.widthsAt, reader.widthsBytes),
    narrowColumns: Buffer.from(view.buffer, view.byteOffset + reader.narrowAt, reader.narrowBytes),
    destinations: Buffer.from(view.buffer, view.byteOffset + reader.destinationsAt, reader.destinationsBytes),
    ...Object.fromEntries(names.map((name) => [name, column(name)])),
  };
}

/** An envelope around any bytes. */
function sealed(message: Uint8Array): Buffer {
  const head = Buffer.from([0x0d, 0, 0, 0, 0, 0x12]);
  head.writeUInt32LE(crc32(message), 1);
  const length: number[] = [];
  for (let rest = message.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([head, Buffer.from(length), message]);
}

const headOf = (payload: Uint8Array): number => payload.findIndex((byte, index) => index > 5 && byte < 0x80) + 1;

test("read() reads what the library reads", () => {
  const reader = new PathReportReader();
  fc.assert(
    fc.property(anyReport, (message) => {
      const payload = pathReport.seal(message);
      expect(reader.read(payload)).toBeUndefined();
      const opened = pathReport.open(payload);
      expect(opened.ok && messageOf(reader)).toEqual(opened.ok && { ...opened.message });
    }),
  );
});

test("read() reads any other form of a report as the library does: fields repeated, in parts, in another order, unknown", () => {
  const reader = new PathReportReader();
  const unknown = fc.constantFrom(
    [0xf8, 0x07, 5],
    [0xfd, 0x07, 1, 2, 3, 4],
    [0xfa, 0x07, 2, 8, 9],
    [0x8d, 0x01, 7, 0, 0, 0],
    [],
  );
  fc.assert(
    fc.property(anyReport, anyReport, unknown, (left, right, between) => {
      const [first, second] = [pathReport.seal(left), pathReport.seal(right)];
      const message = Buffer.concat([
        first.subarray(headOf(first)),
        Buffer.from(between),
        second.subarray(headOf(second)),
      ]);
      const payload = sealed(message);
      const opened = pathReport.open(payload);
      expect(reader.read(payload)).toBe(opened.ok ? undefined : opened.refusal);
      expect(opened.ok && messageOf(reader)).toEqual(opened.ok && { ...opened.message });
    }),
  );
});

test("read() takes and refuses any bytes as the library does, and stays within them", () => {
  const reader = new PathReportReader();
  fc.assert(
    fc.property(
      anyReport,
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(),
      fc.boolean(),
      (message, noise, place, isSealed) => {
        const bytes = Buffer.from(pathReport.seal(message));
        const at = place % bytes.length;
        bytes.set(noise.subarray(0, bytes.length - at), at);
        const payload = isSealed ? sealed(bytes.subarray(headOf(bytes))) : bytes;
        const opened = pathReport.open(payload);
        expect(reader.read(payload)).toBe(opened.ok ? undefined : opened.refusal);
        if (opened.ok && /^[\x20-\x7e]*$/.test(opened.message.hostId))
          expect(messageOf(reader)).toEqual({ ...opened.message });
      },
    ),
    { numRuns: 20_000 },
  );
});

test("read() refuses what is too large without a look at it", () => {
  expect(new PathReportReader().read(new Uint8Array(payloadMaxBytes + 1))).toBe("too_large");
});

describe("hasRows() of narrow columns", () => {
  const widths = (changes: Readonly<Record<number, number>> = {}, length = names.length): Buffer => {
    const bytes = Buffer.alloc(length);
    for (const [place, width] of Object.entries(changes)) bytes[Number(place)] = width;
    return bytes;
  };
  const hasRows = (message: PathReport, rows = 2): boolean => {
    const reader = new PathReportReader();
    expect(reader.read(pathReport.seal({ hostId: "a", epoch: 1, ...message }))).toBeUndefined();
    return reader.hasRows(rows);
  };

  test.each<[string, boolean, PathReport]>([
    ["nothing in any column", true, { columnWidths: widths() }],
    [
      "as many bytes as the widths say",
      true,
      { columnWidths: widths({ 0: 4, 3: 1 }), narrowColumns: Buffer.alloc(10) },
    ],
    [
      "a column that this version does not know",
      true,
      { columnWidths: widths({ 28: 3 }, 29), narrowColumns: Buffer.alloc(6) },
    ],
    ["fewer bytes", false, { columnWidths: widths({ 0: 4 }), narrowColumns: Buffer.alloc(7) }],
    ["more bytes", false, { columnWidths: widths({ 0: 4 }), narrowColumns: Buffer.alloc(9) }],
    ["a column too few", false, { columnWidths: widths({}, names.length - 1) }],
    ["three bytes a number", false, { columnWidths: widths({ 0: 3 }), narrowColumns: Buffer.alloc(6) }],
    [
      "eight bytes where there are four at most",
      false,
      { columnWidths: widths({ 0: 8 }), narrowColumns: Buffer.alloc(16) },
    ],
    ["no widths", false, { narrowColumns: Buffer.alloc(8) }],
    ["a column in both forms", false, { columnWidths: widths(), rttMinUs: [1, 2] }],
  ])("%s: %s", (_, expected, message) => {
    expect(hasRows(message)).toBe(expected);
  });
});
