import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  adviceAnswer,
  adviceUpdate,
  grpcPackage,
  hostAnnouncement,
  hostEvent,
  packageDefinition,
  pathReport,
  payloadMaxBytes,
  payloadRefusals,
} from "../../../proto/messages.ts";

const payloads = { pathReport, hostEvent, hostAnnouncement, adviceUpdate, adviceAnswer };
const any32 = fc.integer({ min: 0, max: 0xffffffff });
const any53 = fc.maxSafeNat();

/** An envelope by hand: field 1, fixed32; field 2, bytes. */
function sealedByHand(message: Uint8Array, checksum = crc32(message)): Uint8Array {
  const head = Buffer.from([0x0d, 0, 0, 0, 0, 0x12]);
  head.writeUInt32LE(checksum, 1);
  const length: number[] = [];
  for (let rest = message.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([head, Buffer.from(length), message]);
}

describe("open()", () => {
  test("gives back what seal() was given", () => {
    const report = fc.record({
      hostId: fc.string({ unit: "binary" }),
      epoch: any53,
      sequence: any53,
      endedUnixMs: any53,
      intervalUs: any32,
      reportsDropped: any53,
      destinations: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      rttMinUs: fc.array(any32),
      saturatedBytesPerSecond: fc.array(any53),
      bytesAcked: fc.array(any53),
      pacingFilled: fc.array(any32),
      pacingMissed: fc.array(any32),
    });
    fc.assert(
      fc.property(report, (message) => {
        expect(pathReport.open(pathReport.seal(message))).toMatchObject({ ok: true, message });
      }),
    );
  });

  test("gives enums as names, numbers as numbers and defaults for what is left out", () => {
    expect(
      hostAnnouncement.open(hostAnnouncement.seal({ hostId: "a", mode: "MODE_APPLY", adviceTerm: 5 })),
    ).toMatchObject({
      message: {
        hostId: "a",
        mode: "MODE_APPLY",
        adviceTerm: 5,
        adviceVersion: 0,
        rack: "",
        addresses: Buffer.alloc(0),
      },
    });
    expect(adviceUpdate.open(adviceUpdate.seal({}))).toMatchObject({
      message: { entries: [], withdrawn: [], snapshot: false, term: 0 },
    });
  });

  test.each(Object.entries(payloads))("%s lets no flipped bit reach the message", (_, payload) => {
    const sealed = payload.seal({ hostId: "host-1", epoch: 1_700_000_000_000, sequence: 77 });
    const original = payload.open(sealed);
    let refused = 0;
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const bytes = Uint8Array.from(sealed);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const opened = payload.open(bytes);
      if (opened.ok) expect(opened, `bit ${bit}`).toEqual(original);
      else refused += 1;
    }
    // protobufjs does not look at the wire type of a known field: three bits in each of the envelope's two tags.
    expect(refused).toBeGreaterThanOrEqual(sealed.length * 8 - 6);
  });

  test.each(Object.entries(payloads))("%s never throws on random bytes, sealed or not", (_, payload) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const bare = payload.open(bytes);
        if (!bare.ok) expect(payloadRefusals).toContain(bare.refusal);
        const sealed = payload.open(sealedByHand(bytes));
        if (!sealed.ok) expect(sealed.refusal).toBe("not_protobuf");
      }),
      { numRuns: 500 },
    );
  });

  test("says why", () => {
    expect(pathReport.open(Buffer.from([0xff]))).toEqual({ ok: false, refusal: "not_protobuf" });
    expect(pathReport.open(sealedByHand(Buffer.alloc(3), 1))).toEqual({ ok: false, refusal: "bad_checksum" });
    expect(pathReport.open(Buffer.alloc(payloadMaxBytes + 1))).toEqual({ ok: false, refusal: "too_large" });
  });

  test("refuses lying lengths in bounded time and memory", () => {
    // destinations of 4 GB, a packed column of 2 GB, and the same inside the envelope.
    for (const lie of ["8201ffffffff0f", "8a01ffffffff07", "a201ffffffff0f00"]) {
      expect(pathReport.open(sealedByHand(Buffer.from(lie, "hex"))).ok).toBe(false);
    }
    expect(pathReport.open(Buffer.from("0d0000000012ffffffff0f", "hex")).ok).toBe(false);
  });

  test("survives deep nesting of unknown groups", () => {
    const nested = Buffer.alloc(500_000, 0x1b);
    expect(pathReport.open(sealedByHand(nested)).ok).toBe(false);
  });

  test("reads the same wherever the bytes lie in their buffer", () => {
    const sealed = pathReport.seal({ hostId: "a", rttMinUs: [1, 2, 3] });
    const shifted = Buffer.concat([Buffer.alloc(13), sealed, Buffer.alloc(7)]).subarray(13, 13 + sealed.length);
    expect(pathReport.open(shifted)).toEqual(pathReport.open(sealed));
  });
});

test.each([
  [
    "PathService",
    [
      "GetPath",
      "BatchGetPaths",
      "ListPaths",
      "WatchPaths",
      "RankDestinations",
      "EstimateTransfer",
      "GetMatrix",
      "ExplainAdvice",
      "ListHosts",
      "WatchHosts",
    ],
  ],
  ["PolicyService", ["GetPolicy", "GetEffectivePolicy", "SetPolicyRule", "DeletePolicyRule", "ListPolicyChanges"]],
])("grpcPackage() has %s with its methods", (service, methods) => {
  expect(Object.keys(packageDefinition[`augmenter.v1.${service}`] ?? {})).toEqual(methods);
  expect(grpcPackage()).toMatchObject({ augmenter: { v1: { [service]: expect.any(Function) } } });
});
