import { expect, test } from "vitest";
import { adviceBounds } from "../../../../aggregator/core/bounds.ts";
import { adviceFor, reasonFor, reverseAdvice } from "../../../../aggregator/core/host-advice.ts";
import { noLimits } from "../../../../aggregator/core/policy/policy-rule.ts";
import type { HostAnnouncement__Output } from "../../../../proto/gen/augmenter/v1/HostAnnouncement.ts";
import { address, announcement, emptyView, estimateOf, row } from "../fixtures.ts";

function viewOfTwo(modeOfB: HostAnnouncement__Output["mode"] = "MODE_APPLY") {
  const view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1", "10.1.0.1"]), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2"], { mode: modeOfB }), "b", 0);
  return view;
}

test("adviceFor() gives a first window from the path there", () => {
  const view = viewOfTwo();
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toMatchObject({
    windowSegments: 691,
    receiveWindowBytes: 0,
    isCapacityKnown: true,
    burstSegments: 0,
  });
});

test("adviceFor() gives a receive window from the path back, to any address of its host", () => {
  const view = viewOfTwo();
  view.table.put("b", address("10.1.0.1"), estimateOf(row()));
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toEqual({
    destination: address("10.0.0.2"),
    windowSegments: 0,
    receiveWindowBytes: 1_250_000,
    pathRateBytesPerSecond: 0,
    minRttUs: 0,
    burstSegments: 0,
    isCapacityKnown: false,
    rtoMinUs: 0,
    togetherSegments: 0,
    togetherHosts: 0,
  });
  expect(reasonFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toBe(
    "The kernel's first window; what b may send at once is known",
  );
});

test.each([
  ["mode off", { mode: "off" as const }, undefined],
  ["an exclusion", { excluded: true }, undefined],
  ["a limit", { limits: { ...noLimits, receiveWindowMaxBytes: 100_000 } }, 100_000],
])("adviceFor() holds the receive window to the receiver's own rules: %s", (_, changes, receiveWindowBytes) => {
  const view = viewOfTwo();
  view.table.put("b", address("10.1.0.1"), estimateOf(row()));
  const scope = { kind: "host", name: "a", prefix: undefined } as const;
  const author = { who: "alice", peer: "", changedUnixMs: 0, why: "a test" };
  const rule = { scope, mode: undefined, pin: undefined, excluded: false, limits: noLimits, author, ...changes };
  view.policy.replace({ revision: 1, rules: [rule], changes: [] });
  const advice = adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000);
  expect(advice?.receiveWindowBytes).toBe(receiveWindowBytes);
  const reason = reasonFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000);
  expect(reason !== undefined).toBe(advice !== undefined);
});

test.each([
  ["twice the minimum RTT", 30_000, 60_000],
  ["20 ms, twice what receivers delay acknowledgements by, at the least", 5_000, 20_000],
  ["the kernel's 200 ms at the most", 150_000, 200_000],
])("adviceFor() gives as least timeout %s", (_, rttMinUs, rtoMinUs) => {
  const view = viewOfTwo();
  const rttUs = { rttMinUs, rttP50Us: rttMinUs, rttP95Us: rttMinUs };
  view.table.put("a", address("10.0.0.2"), estimateOf(row(rttUs)));
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toMatchObject({ rtoMinUs });
});

test.each([
  ["a host that only observes", viewOfTwo("MODE_OBSERVE"), "10.0.0.2"],
  ["a stranger", viewOfTwo(), "10.9.9.9"],
])(
  "adviceFor() leaves the least timeout to the kernel towards %s: its receiver delays as it likes",
  (_, view, text) => {
    view.table.put("a", address(text), estimateOf(row()));
    const advice = adviceFor(view, "a", address(text), adviceBounds, 1_000);
    expect(advice).toMatchObject({ windowSegments: 691, rtoMinUs: 0 });
  },
);

test("adviceFor() bounds bursts of short connections by what the path bears", () => {
  const view = viewOfTwo();
  const short = row({ bytesAcked: 80 * 1_448, burstsLost: 4, burstsKept: 4, burstLostMean: 40 });
  view.table.put("a", address("10.0.0.2"), estimateOf(short));
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toMatchObject({ burstSegments: 28 });
});

test("adviceFor() gives none where nothing is known, and never about the host itself", () => {
  const view = viewOfTwo();
  view.table.put("a", address("10.0.0.1"), estimateOf(row()));
  view.table.put("a", address("127.0.0.1"), estimateOf(row()));
  for (const text of ["10.0.0.2", "10.9.9.9", "10.0.0.1", "127.0.0.1"]) {
    expect(adviceFor(view, "a", address(text), adviceBounds, 1_000)).toBeUndefined();
  }
});

test("reverseAdvice() names what the far end of a changed path may have to be told", () => {
  const view = viewOfTwo();
  expect(reverseAdvice(view, "a", address("10.0.0.2"))).toEqual([
    { hostId: "b", destination: address("10.0.0.1") },
    { hostId: "b", destination: address("10.1.0.1") },
  ]);
  expect(reverseAdvice(view, "a", address("10.9.9.9"))).toEqual([]);
  expect(reverseAdvice(view, "a", address("10.0.0.1"))).toEqual([]);
  expect(reverseAdvice(view, "nobody", address("10.0.0.2"))).toEqual([]);
});

test("adviceFor() gives each of a crowd's sources its part of the receiver's link, and a window no larger", () => {
  const view = viewOfTwo();
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  view.fanIns.seen("b", 10, 0);
  const lost = { ...row(), segmentsRetransmitted: 100, connectionSegments: 90, lossFlightHighest: 10 };
  for (let ms = 1_000; ms < 3_000; ms += 100) view.fanIns.sent("b", `source-${ms}`, lost, ms);
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 3_000)).toMatchObject({
    windowSegments: 5,
    togetherSegments: 5,
    togetherHosts: 10,
    burstSegments: 0,
    isCapacityKnown: true,
    pathRateBytesPerSecond: 24_000_000,
  });
  // The way back is another receiver's.
  view.table.put("b", address("10.0.0.1"), estimateOf(row()));
  expect(adviceFor(view, "b", address("10.0.0.1"), adviceBounds, 3_000)).toMatchObject({
    windowSegments: 691,
    togetherSegments: 0,
    togetherHosts: 0,
  });
});

test("adviceFor() holds senders to the smallest part of all hosts that claim a receiver's address", () => {
  const view = viewOfTwo();
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  const crowd = (receiverId: string, hosts: number, lossFlightHighest: number) => {
    view.fanIns.seen(receiverId, hosts, 0);
    const lost = { ...row(), segmentsRetransmitted: 100, connectionSegments: 90, lossFlightHighest };
    for (let ms = 1_000; ms < 3_000; ms += 100) view.fanIns.sent(receiverId, `source-${ms}`, lost, ms);
  };
  crowd("b", 10, 10);
  const told = () => adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 3_000);
  const bounded = { windowSegments: 5, togetherSegments: 5, togetherHosts: 10 };
  expect(told()).toMatchObject(bounded);
  view.hosts.announce(announcement("c", ["10.0.0.2"]), "c", 0);
  expect(view.hosts.ownerOf(address("10.0.0.2"))).toBeUndefined();
  expect(told(), "claimed by one that is new").toMatchObject(bounded);
  crowd("c", 10, 200);
  expect(told(), "whose crowd has more").toMatchObject(bounded);
  view.hosts.announce(announcement("d", ["10.0.0.2"]), "d", 0);
  crowd("d", 4, 6);
  expect(told(), "and by one whose crowd has less").toMatchObject({ togetherSegments: 3, togetherHosts: 4 });
});

test("adviceFor() says nothing that hosts refuse: no rate below two segments in 200 ms, no more hosts than they count", () => {
  const view = viewOfTwo();
  const rates = (rateBytesPerSecond: number) => {
    const estimate = estimateOf(row());
    return { ...estimate, rate: { ...estimate.rate, rateBytesPerSecond } };
  };
  view.table.put("a", address("10.0.0.2"), rates(17_000));
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 0)).toBeUndefined();
  view.table.put("a", address("10.0.0.2"), rates(17_100));
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 0)).toMatchObject({ pathRateBytesPerSecond: 16_416 });
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  view.fanIns.told({ receiverId: "b", hosts: 70_000, segments: 300_000, firstSegments: 300_000 }, 1_000);
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toMatchObject({ togetherHosts: 65_535 });
});

test("adviceFor() lowers window and rate by what failed on other hosts, not below the kernel's window", () => {
  const view = viewOfTwo();
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  view.sharedFailures.failed("c", address("10.0.0.2"), 1_000);
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toMatchObject({
    windowSegments: Math.round(691 * 0.85),
    pathRateBytesPerSecond: 24_000_000 * 0.85,
  });
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 31_000)).toMatchObject({ windowSegments: 691 });
  view.table.put("a", address("10.0.0.2"), estimateOf(row({ rttMinUs: 100, rttP50Us: 100, rttP95Us: 100 })));
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toMatchObject({ windowSegments: 10 });
});

test("adviceFor() tells of an address that two hosts claim what was measured there, and nothing of either host", () => {
  const view = viewOfTwo();
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  view.table.put("b", address("10.0.0.1"), estimateOf(row()));
  const advice = () => adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000);
  expect(advice()).toMatchObject({ windowSegments: 691, receiveWindowBytes: 1_250_000, rtoMinUs: 40_000 });
  view.hosts.announce(announcement("c", ["10.0.0.3", "10.0.0.2"]), "c", 0);
  expect(advice()).toMatchObject({ windowSegments: 691, receiveWindowBytes: 0, rtoMinUs: 0, togetherHosts: 0 });
  expect(reverseAdvice(view, "a", address("10.0.0.2"))).toEqual([]);
  expect(adviceFor(view, "b", address("10.0.0.2"), adviceBounds, 1_000), "about itself").toBeUndefined();
});

test("adviceFor() gives no receive window from a path to an address that another host claims, too", () => {
  const view = viewOfTwo();
  view.table.put("b", address("10.1.0.1"), estimateOf(row()));
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)?.receiveWindowBytes).toBe(1_250_000);
  view.hosts.announce(announcement("c", ["10.0.0.3", "10.1.0.1"]), "c", 0);
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toBeUndefined();
});
