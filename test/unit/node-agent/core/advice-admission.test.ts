import { describe, expect, it } from "vitest";
import { adviceBounds } from "../../../../node-agent/config.ts";
import type { HeldAdvice } from "../../../../node-agent/core/advice-admission.ts";
import { admit, heldKeyFor, heldWithout, noAdvice } from "../../../../node-agent/core/advice-admission.ts";
import { addressFromText, prefixFromText } from "../../../../proto/address.ts";
import type { AdviceEntry__Output } from "../../../../proto/gen/augmenter/v1/AdviceEntry.ts";
import type { AdviceUpdate__Output } from "../../../../proto/gen/augmenter/v1/AdviceUpdate.ts";
import { termFollowedAheadMaxMs } from "../../../../proto/term.ts";

const bounds = { ...adviceBounds, entries: 3 };

function entry(text: string, change: Partial<AdviceEntry__Output> = {}): AdviceEntry__Output {
  const prefix = prefixFromText(text);
  return {
    destination: { address: Buffer.from(prefix?.address ?? []), length: prefix?.length ?? 0 },
    windowSegments: 345,
    receiveWindowBytes: 0,
    pathRateBytesPerSecond: 24_000_000,
    minRttUs: 20_000,
    burstSegments: 0,
    capacityKnown: true,
    rtoMinUs: 0,
    togetherSegments: 0,
    togetherHosts: 0,
    ...change,
  };
}

function update(change: Partial<AdviceUpdate__Output> = {}): AdviceUpdate__Output {
  return {
    hostId: "a1",
    term: 7,
    version: 1,
    baseTerm: 0,
    baseVersion: 0,
    snapshot: true,
    ttlMs: 10_000,
    notAfterUnixMs: 1_000_000,
    entries: [],
    withdrawn: [],
    ...change,
  };
}

function admitted(message: AdviceUpdate__Output, held: HeldAdvice = noAdvice): HeldAdvice {
  const admission = admit(message, held, "a1", bounds, 1_000_000);
  if (!admission.taken) throw new Error(admission.refusal);
  return admission.held;
}

function refusal(message: AdviceUpdate__Output, held: HeldAdvice = noAdvice, nowUnixMs = 1_000_000): string {
  const admission = admit(message, held, "a1", bounds, nowUnixMs);
  return admission.taken ? "taken" : admission.refusal;
}

const held = admitted(update({ entries: [entry("10.0.0.1"), entry("10.0.0.2")] }));

describe("admit()", () => {
  it("takes a snapshot of a new term and replaces everything", () => {
    const admission = admit(
      update({ term: 8, entries: [entry("10.0.0.2"), entry("10.0.0.3")] }),
      held,
      "a1",
      bounds,
      0,
    );
    expect(admission.taken && [...admission.held.entries.values()].map((advice) => advice.windowSegments)).toEqual([
      345, 345,
    ]);
    expect(admission.taken && admission.removed).toEqual([
      heldKeyFor(held, addressFromText("10.0.0.1") ?? new Uint8Array()),
    ]);
  });

  it("adds to what is held with a change, and withdraws", () => {
    const prefix = prefixFromText("10.0.0.1");
    const after = admitted(
      update({
        snapshot: false,
        version: 2,
        baseVersion: 1,
        entries: [entry("10.0.0.3")],
        withdrawn: [{ address: Buffer.from(prefix?.address ?? []), length: 128 }],
      }),
      held,
    );
    expect(after.entries.size).toBe(2);
    expect(after.version).toBe(2);
  });

  it("goes on from the term before where an update of a new one builds on what is held", () => {
    const after = admitted(update({ snapshot: false, term: 8, version: 2, baseTerm: 7, baseVersion: 1 }), held);
    expect(after.entries).toEqual(held.entries);
    expect(after).toMatchObject({ term: 8, version: 2 });
  });

  it.each([
    ["another host's", update({ hostId: "b1" }), "ADVICE_REFUSAL_WRONG_HOST"],
    ["a lower term", update({ term: 6, version: 9 }), "ADVICE_REFUSAL_OLD_TERM"],
    ["a version held already", update(), "ADVICE_REFUSAL_OLD_VERSION"],
    [
      "a change on a version not held",
      update({ snapshot: false, version: 3, baseVersion: 2 }),
      "ADVICE_REFUSAL_VERSION_GAP",
    ],
    [
      "a change of a new term on a version not held",
      update({ snapshot: false, term: 8, version: 9, baseTerm: 7, baseVersion: 8 }),
      "ADVICE_REFUSAL_VERSION_GAP",
    ],
    [
      "a change of a new term on a term not held",
      update({ snapshot: false, term: 8, version: 2, baseTerm: 6, baseVersion: 1 }),
      "ADVICE_REFUSAL_VERSION_GAP",
    ],
    ["a change of a term not held", update({ snapshot: false, term: 8, baseVersion: 1 }), "ADVICE_REFUSAL_VERSION_GAP"],
    ["no lifetime", update({ version: 2, ttlMs: 0 }), "ADVICE_REFUSAL_OUT_OF_BOUNDS"],
    ["an endless lifetime", update({ version: 2, ttlMs: 600_001 }), "ADVICE_REFUSAL_OUT_OF_BOUNDS"],
    [
      "a term that begins long after now",
      update({ term: 1_000_001 + termFollowedAheadMaxMs }),
      "ADVICE_REFUSAL_OUT_OF_BOUNDS",
    ],
    ["a term beyond 2^53", update({ term: 2 ** 60 }), "ADVICE_REFUSAL_OUT_OF_BOUNDS"],
  ])("refuses %s", (_, message, reason) => {
    expect(refusal(message, held)).toBe(reason);
  });

  it("refuses yesterday's advice, even on a host that holds none", () => {
    expect(refusal(update(), noAdvice, 1_000_001)).toBe("ADVICE_REFUSAL_TOO_LATE");
  });

  it.each([
    ["65535 segments", { windowSegments: 65_535 }],
    ["a terabit and more", { pathRateBytesPerSecond: 125_000_000_001 }],
    ["a rate at which two segments would not pass in 200 ms", { pathRateBytesPerSecond: 16_383 }],
    ["such a rate and no window", { windowSegments: 0, pathRateBytesPerSecond: 1 }],
    ["more hosts together than anybody counts", { togetherSegments: 5, togetherHosts: 65_536 }],
    ["a part beyond the bound of windows", { togetherSegments: 4097, togetherHosts: 10 }],
    ["bursts beyond what anybody counts", { burstSegments: 65_536 }],
    ["a window without a rate", { pathRateBytesPerSecond: 0 }],
    ["a window without an RTT", { minRttUs: 0 }],
    ["a receive window beyond the bound", { receiveWindowBytes: (16 << 20) + 1 }],
    ["a least timeout below what receivers delay by, twice", { rtoMinUs: 19_999 }],
    ["a least timeout above the kernel's", { rtoMinUs: 200_001 }],
    ["no destination", { destination: null }],
    ["an address of 4 bytes", { destination: { address: Buffer.from([10, 0, 0, 1]), length: 128 } }],
    [
      "host bits in a prefix",
      { destination: { address: Buffer.from(addressFromText("10.0.0.1") ?? []), length: 120 } },
    ],
  ])("leaves out an entry with %s and takes the others", (_, change) => {
    const admission = admit(
      update({ entries: [entry("10.0.0.1", change), entry("10.0.0.2")] }),
      noAdvice,
      "a1",
      bounds,
      0,
    );
    expect(admission.taken && admission.refusedEntries).toEqual([
      { index: 0, refusal: "ADVICE_REFUSAL_OUT_OF_BOUNDS" },
    ]);
    expect(admission.taken && admission.held.entries.size).toBe(1);
  });

  it("takes what is known of capacity, bursts and crowds, and a least timeout, within their bounds", () => {
    const taken = [
      { capacityKnown: true, burstSegments: 28, rtoMinUs: 20_000 },
      { capacityKnown: false, burstSegments: 0, rtoMinUs: 200_000 },
      { pathRateBytesPerSecond: 16_384, togetherSegments: 4096, togetherHosts: 65_535 },
    ];
    const entries = taken.map((change, index) => entry(`10.0.0.${index + 1}`, change));
    expect([...admitted(update({ entries })).entries.values()]).toMatchObject(
      taken.map(({ capacityKnown = true, ...rest }) => ({ isCapacityKnown: capacityKnown, ...rest })),
    );
  });

  it("takes a receive window alone", () => {
    expect(
      admitted(
        update({
          entries: [entry("10.0.0.1", { windowSegments: 0, pathRateBytesPerSecond: 0, receiveWindowBytes: 500_000 })],
        }),
      ).entries.size,
    ).toBe(1);
  });

  it("leaves out what does not fit the map", () => {
    const entries = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"].map((text) => entry(text));
    const admission = admit(update({ entries }), noAdvice, "a1", bounds, 0);
    expect(admission.taken && admission.refusedEntries).toEqual([{ index: 3, refusal: "ADVICE_REFUSAL_TOO_MANY" }]);
  });
});

describe("heldKeyFor()", () => {
  it("finds the longest prefix", () => {
    const both = admitted(update({ entries: [entry("10.0.0.0/8"), entry("10.0.0.1")] }));
    const [network, host] = [...both.entries.keys()];
    expect(heldKeyFor(both, addressFromText("10.0.0.1") ?? new Uint8Array())).toBe(host);
    expect(heldKeyFor(both, addressFromText("10.9.9.9") ?? new Uint8Array())).toBe(network);
    expect(heldKeyFor(both, addressFromText("11.0.0.1") ?? new Uint8Array())).toBeUndefined();
  });
});

describe("heldWithout()", () => {
  it("lets go of the version that failed, not of a newer one", () => {
    const [key = ""] = held.entries.keys();
    expect(heldWithout(held, [{ key, version: 1 }]).entries.size).toBe(1);
    expect(heldWithout(held, [{ key, version: 0 }])).toBe(held);
  });
});
