import fc from "fast-check";
import { expect, test } from "vitest";
import { provenanceNames } from "../../../aggregator/core/query/provenance-numbers.ts";
import { encodedPath } from "../../../aggregator/path-encoding.ts";
import type { PathEstimate__Output } from "../../../proto/gen/augmenter/v1/PathEstimate.ts";
import { packageDefinition } from "../../../proto/messages.ts";

const { deserialize } = packageDefinition["augmenter.v1.PathEstimate"] as unknown as {
  readonly deserialize: (bytes: Buffer) => PathEstimate__Output;
};

const text = fc.string({ maxLength: 256 });
const any32 = fc.oneof(fc.constant(0), fc.nat(0xffff_ffff));
const any64 = fc.oneof(fc.constant(0), fc.maxSafeNat());
const real = fc.double({ noNaN: true, min: 0, max: 1e9 });
const advice = fc.record({
  windowSegments: any32,
  pathRateBytesPerSecond: any64,
  receiveWindowBytes: any32,
  minRttUs: any32,
  reason: text,
  mode: text,
  capacityKnown: fc.boolean(),
  burstSegments: any32,
  rtoMinUs: any32,
  togetherSegments: any32,
  togetherHosts: any32,
});
const path: fc.Arbitrary<PathEstimate__Output> = fc.record({
  path: fc.option(fc.record({ source: text, destination: text })),
  provenance: fc.constantFrom(...provenanceNames),
  confidence: real,
  ageSeconds: real,
  rttSamples: any64,
  rateSamples: any64,
  minRttUs: any32,
  rttP50Us: any32,
  rttP95Us: any32,
  rateBytesPerSecond: any64,
  lossRatio: real,
  bdpBytes: any64,
  advice: fc.option(advice),
  connections: any64,
  windowsGranted: any64,
  windowsFailed: any64,
  sourceRack: text,
  sourceZone: text,
  destinationHost: text,
  destinationRack: text,
  destinationZone: text,
  measuredElsewhere: fc.array(fc.constantFrom("1/2", "64/64"), { maxLength: 64 }),
});

test("encodedPath() is what protobufjs reads as PathEstimate, every field of it", () => {
  const fields = Object.keys(deserialize(Buffer.alloc(0)));
  fc.assert(
    fc.property(path, (asked) => {
      expect(Object.keys(asked).sort()).toEqual([...fields].sort());
      expect(deserialize(encodedPath(asked))).toEqual(asked);
    }),
  );
});

test("encodedPath() of the message without a field takes no bytes", () => {
  expect(encodedPath(deserialize(Buffer.alloc(0)))).toHaveLength(0);
});
