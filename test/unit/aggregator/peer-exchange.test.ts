import { beforeEach, describe, expect, test } from "vitest";
import { Abroad } from "../../../aggregator/core/abroad.ts";
import { abroadBounds, fanInBounds } from "../../../aggregator/core/bounds.ts";
import { FanIns } from "../../../aggregator/core/fan-ins.ts";
import type { Steps } from "../../../aggregator/core/steps.ts";
import { PeerExchange } from "../../../aggregator/peer-exchange.ts";
import type { PeerWord } from "../../../proto/gen/augmenter/v1/PeerWord.ts";
import { peerWord } from "../../../proto/messages.ts";
import type { Partition } from "../../../proto/partition.ts";
import { slotOf } from "../../../proto/subjects.ts";
import { address, PlayedClock } from "./fixtures.ts";

const ids = Array.from({ length: 40 }, (_, index) => `host-${index}`);
const idsHere = ids.filter((id) => slotOf(id) % 2 === 0);
const idsThere = ids.filter((id) => slotOf(id) % 2 === 1);
const [receiver = ""] = idsHere;
const [elsewhere = ""] = idsThere;
const destination = address("10.0.0.1");
const lost = {
  intervalUs: 1_000_000,
  rttMinUs: 5_000,
  rttP50Us: 6_000,
  segmentsSent: 1_000,
  segmentsRetransmitted: 50,
  connectionSegments: 90,
  lossFlightHighest: 20,
  burstsKept: 10,
  burstsLost: 0,
  burstLostMean: 0,
};

interface Side {
  readonly fanIns: FanIns;
  readonly exchange: PeerExchange;
  readonly failures: string[];
  told: Uint8Array[];
  term: number;
  connected: boolean;
}

let clock = new PlayedClock();
let home: Side;
let away: Side;

beforeEach(() => {
  clock = new PlayedClock(1_000);
  home = side({ index: 0, of: 2 });
  away = side({ index: 1, of: 2 });
});

function side(partition: Partition): Side {
  const fanIns = new FanIns(fanInBounds);
  const made: Side = {
    fanIns,
    failures: [],
    told: [],
    term: 7,
    connected: true,
    exchange: new PeerExchange({
      view: { fanIns, abroad: new Abroad(partition, abroadBounds) },
      partition,
      clock,
      term: () => made.term,
      link: { publish: (_, payload) => made.connected && made.told.push(payload) > 0 },
      onFailure: (hostId) => void made.failures.push(hostId),
    }),
  };
  return made;
}

/** Either side's turn, then what it told is heard. */
function turn(): void {
  for (const [speaker, hearer] of [
    [home, away],
    [away, home],
  ] as const) {
    speaker.exchange.tick();
    for (const payload of speaker.told.splice(0)) expect(hearer.exchange.take(payload)).toBeUndefined();
  }
}

/** A second in which four sources here and four there send, and the turn after it. */
function second(row = lost): void {
  for (let source = 0; source < 4; source += 1) {
    clock.now += 200;
    home.fanIns.sent(receiver, `home-${source}`, row, clock.now);
    away.fanIns.sent(receiver, `away-${source}`, row, clock.now);
  }
  clock.now += 200;
  turn();
}

describe("PeerExchange", () => {
  test("bounds the sources of one receiver in both partitions, by what all of them tell", () => {
    home.fanIns.seen(receiver, 8, clock.now);
    turn();
    expect(away.fanIns.partOf(receiver, elsewhere)).toBeUndefined();
    for (let seconds = 0; seconds < 3; seconds += 1) second();
    const part = home.fanIns.partOf(receiver, elsewhere);
    expect(part).toMatchObject({ hosts: 8, segments: 80 });
    expect(away.fanIns.partOf(receiver, elsewhere)).toEqual(part);
    expect(away.fanIns.takeChanged(8)).toEqual([receiver]);
    // Four of eight hosts would not be enough to judge by: half of them are elsewhere.
    const before = part?.segments ?? 0;
    for (let seconds = 0; seconds < 4; seconds += 1) second();
    expect(home.fanIns.partOf(receiver, elsewhere)?.segments).toBeLessThan(before);
    expect(away.fanIns.partOf(receiver, elsewhere)).toEqual(home.fanIns.partOf(receiver, elsewhere));
  });

  test("judges by what the other partition's sources lost alone, where all are there", () => {
    home.fanIns.seen(receiver, 4, clock.now);
    turn();
    for (let seconds = 0; seconds < 3; seconds += 1) {
      for (let source = 0; source < 4; source += 1) {
        clock.now += 250;
        away.fanIns.sent(receiver, `away-${source}`, lost, clock.now);
      }
      turn();
    }
    expect(away.fanIns.partOf(receiver, elsewhere)).toMatchObject({ hosts: 4, partSegments: 10 });
  });

  test("tells nothing while nothing changes but every 30 s, and forgets what is not told for 90 s", () => {
    home.fanIns.seen(receiver, 8, clock.now);
    for (let seconds = 0; seconds < 3; seconds += 1) second();
    home.told = [];
    for (let seconds = 0; seconds < 60; seconds += 1) {
      clock.now += 1_000;
      home.exchange.tick();
    }
    expect(home.told).toHaveLength(2);
    clock.now += 91_000;
    away.exchange.tick();
    expect(away.fanIns.partOf(receiver, elsewhere)).toBeUndefined();
    expect(away.fanIns.takeChanged(8)).toEqual([receiver]);
  });

  test("tells of more failures than one word holds in several, and counts the words that the broker did not take", () => {
    for (let failure = 0; failure < 2_500; failure += 1) home.exchange.failed(receiver, destination);
    home.exchange.tellFailures();
    expect(home.told).toHaveLength(3);
    for (const payload of home.told) expect(away.exchange.take(payload)).toBeUndefined();
    expect(away.failures).toHaveLength(2_500);
    const [word = new Uint8Array()] = home.told;
    const left: Steps<unknown>[] = [];
    expect(away.exchange.take(word, (steps) => left.push(steps))).toBeUndefined();
    left[0]?.next(true);
    expect(away.failures, "in one step").toHaveLength(2_500 + 16);
    home.connected = false;
    for (let failure = 0; failure < 1_001; failure += 1) home.exchange.failed(receiver, destination);
    home.exchange.tellFailures();
    expect(home.exchange.dropped).toEqual({ words_unsent: 2 });
  });

  test("tells a failure at once, to be shared there; who stands by tells nothing", () => {
    home.exchange.failed(receiver, destination);
    home.exchange.tellFailures();
    expect(away.exchange.take(home.told[0] ?? new Uint8Array())).toBeUndefined();
    expect(away.failures).toEqual([receiver]);
    home.term = 0;
    home.exchange.failed(receiver, destination);
    home.exchange.tellFailures();
    expect(home.told).toHaveLength(1);
  });
});

describe("take()", () => {
  const sealed = (change: PeerWord = {}) => peerWord.seal({ term: 7, partition: 0, partitions: 2, ...change });
  const failure = { hostId: receiver, destination: Buffer.from(destination) };

  test.each([
    ["what is not ours", new Uint8Array([1, 2, 3]), "not_protobuf"],
    ["no partition", sealed({ partition: 5 }), "unknown_partition"],
    ["a term far ahead", sealed({ term: 1_800_000_000_000 }), "out_of_range"],
    ["a bound for somebody else's receiver", sealed({ bounds: [{ receiver: elsewhere, hosts: 8 }] }), "out_of_range"],
    ["a bound that is no number", sealed({ bounds: [{ receiver, segments: Number.NaN }] }), "out_of_range"],
    ["an infinite tally", sealed({ tallies: [{ receiver: elsewhere, lossFlights: 1 / 0 }] }), "out_of_range"],
    [
      "more lost than was told of",
      sealed({ tallies: [{ receiver: elsewhere, rows: 2, lossShares: 3 }] }),
      "out_of_range",
    ],
    ["lost windows of nobody", sealed({ tallies: [{ receiver: elsewhere, rows: 9, burstShares: 5 }] }), "out_of_range"],
    ["a failure of somebody else's host", sealed({ failures: [{ ...failure, hostId: elsewhere }] }), "out_of_range"],
    ["a failure to no address", sealed({ failures: [{ ...failure, destination: Buffer.alloc(4) }] }), "out_of_range"],
    ["too many", sealed({ failures: Array.from({ length: 1_001 }, () => failure) }), "too_many_failures"],
  ])("refuses %s", (_, payload, reason) => {
    expect(away.exchange.take(payload)).toBe(reason);
    expect(away.failures).toEqual([]);
  });

  test("hears the rest of a word in which something is out of range", () => {
    const bounds = [
      { receiver, hosts: 2_000_000, segments: 1 },
      { receiver: idsHere[1] ?? "", hosts: 8, segments: 80 },
    ];
    const tallies = [{ receiver: elsewhere, intervalMs: 1_000, lossFlights: 1e13 }];
    expect(away.exchange.take(sealed({ bounds, tallies, failures: [failure] }))).toBe("out_of_range");
    expect(away.fanIns.partOf(receiver, elsewhere)).toBeUndefined();
    expect(away.fanIns.partOf(idsHere[1] ?? "", elsewhere)).toMatchObject({ hosts: 8, segments: 80 });
    expect(away.failures).toEqual([receiver]);
  });

  test("heeds the newest term alone, and nothing of a part that holds the same hosts", () => {
    expect(away.exchange.take(sealed({ failures: [failure] }))).toBeUndefined();
    expect(away.exchange.take(sealed({ term: 6, failures: [failure] }))).toBe("old_term");
    expect(away.exchange.take(sealed({ term: 8, partition: 0, partitions: 1, failures: [failure] }))).toBeUndefined();
    expect(away.failures).toEqual([receiver]);
  });
});
