import { beforeEach, describe, expect, test } from "vitest";
import { Abroad } from "../../../aggregator/core/abroad.ts";
import { abroadBounds, adviceBounds } from "../../../aggregator/core/bounds.ts";
import { adviceFor } from "../../../aggregator/core/host-advice.ts";
import type { Steps } from "../../../aggregator/core/steps.ts";
import type { View } from "../../../aggregator/core/view.ts";
import { Exchange } from "../../../aggregator/exchange.ts";
import type { ReceiveNeeds, ReceiveNeeds__Output } from "../../../proto/gen/augmenter/v1/ReceiveNeeds.ts";
import { receiveNeeds } from "../../../proto/messages.ts";
import type { Partition } from "../../../proto/partition.ts";
import { slotOf, subjectFor } from "../../../proto/subjects.ts";
import { address, announcement, emptyView, estimateOf, PlayedClock, row } from "./fixtures.ts";

const [here = "", there = ""] = [0, 1].map((index) => ["a", "b", "c", "d", "e"].find((id) => slotOf(id) % 2 === index));
const hereAddress = address("10.0.0.1");
const thereAddress = address("10.0.0.2");
/** What the path of row() asks of its receiver. */
const needBytes = 1_250_000;

interface Side {
  readonly view: View;
  readonly exchange: Exchange;
  readonly told: { readonly subject: string; readonly payload: Uint8Array; readonly message: ReceiveNeeds__Output }[];
  readonly news: string[];
  term: number;
}

let clock = new PlayedClock();
let source: Side;
let receiver: Side;

beforeEach(() => {
  clock = new PlayedClock(1_000);
  source = side({ index: 0, of: 2 });
  receiver = side({ index: 1, of: 2 });
  source.view.table.put(here, thereAddress, estimateOf(row()));
});

function side(partition: Partition): Side {
  const view: View = { ...emptyView(), abroad: new Abroad(partition, abroadBounds) };
  view.hosts.announce(announcement(here, ["10.0.0.1"]), here, 0);
  view.hosts.announce(announcement(there, ["10.0.0.2"]), there, 0);
  const told: Side["told"] = [];
  const news: string[] = [];
  const made: Side = {
    view,
    told,
    news,
    term: 7,
    exchange: new Exchange({
      view,
      partition,
      clock,
      needsMax: 2,
      term: () => made.term,
      link: {
        publish: (subject, payload) => {
          const opened = receiveNeeds.open(payload);
          if (opened.ok) told.push({ subject, payload, message: opened.message });
          return opened.ok;
        },
      },
      onNeedChanged: (...pair) => void news.push(pair.join(" from ")),
    }),
  };
  return made;
}

describe("tick()", () => {
  test("tells the other partition what its host should be ready for, and that host is advised on it", () => {
    source.exchange.pathChanged(there, here);
    source.exchange.tick();
    const [message] = source.told;
    expect(message?.subject).toBe(subjectFor("receive", there));
    expect(message?.message).toMatchObject({
      hostId: there,
      term: 7,
      needs: [{ source: here, receiveWindowBytes: needBytes }],
    });
    expect(receiver.exchange.take(message?.subject ?? "", message?.payload ?? new Uint8Array())).toBeUndefined();
    expect(receiver.news).toEqual([`${there} from ${here}`]);
    const advice = adviceFor(receiver.view, there, hereAddress, adviceBounds, clock.now);
    expect(advice).toMatchObject({ windowSegments: 0, receiveWindowBytes: needBytes });
  });

  test("tells what changed enough, and all of it again every 30 s", () => {
    for (const nowMs of [1_000, 2_000, 30_000, 31_000, 60_000, 61_000]) {
      clock.now = nowMs;
      source.exchange.pathChanged(there, here);
      source.exchange.tick();
    }
    expect(source.told).toHaveLength(3);
    source.view.table.put(here, thereAddress, estimateOf(row({ saturatedBytesPerSecond: 50_000_000 })));
    source.exchange.pathChanged(there, here);
    source.exchange.tick();
    expect(source.told[3]?.message.needs).toMatchObject([{ receiveWindowBytes: 2 * needBytes }]);
  });

  test("tells that nothing is needed any more, once", () => {
    source.exchange.pathChanged(there, here);
    source.exchange.tick();
    clock.now += 40 * 60_000;
    source.exchange.pathChanged(there, here);
    source.exchange.tick();
    expect(source.told[1]?.message.needs).toMatchObject([{ receiveWindowBytes: 0 }]);
    clock.now += 60_000;
    source.exchange.tick();
    expect(source.told).toHaveLength(2);
  });

  test.each([
    ["a receiver that is gone", there],
    ["a source that is gone", here],
  ])("tells nothing any more of %s", (_, goneId) => {
    source.exchange.pathChanged(there, here);
    source.exchange.tick();
    clock.now += 70_000;
    source.view.hosts.heard(goneId === here ? there : here, 1_000, 0, clock.now);
    expect(source.view.hosts.expire(clock.now)).toEqual([goneId]);
    for (let renewal = 0; renewal < 3; renewal += 1) {
      source.exchange.tick();
      clock.now += 30_000;
    }
    expect(source.told.slice(1).map(({ message }) => message.needs[0]?.receiveWindowBytes)).toEqual([0]);
  });

  test("tells nothing any more of a path that was forgotten", () => {
    source.exchange.pathChanged(there, here);
    source.exchange.tick();
    source.view.table.prune(2_000, 1);
    for (let renewal = 0; renewal < 3; renewal += 1) {
      clock.now += 30_000;
      source.exchange.tick();
    }
    expect(source.told.slice(1).map(({ message }) => message.needs[0]?.receiveWindowBytes)).toEqual([0]);
  });

  test("tells nothing while another leads, and goes on where that one left off", () => {
    source.term = 0;
    source.exchange.pathChanged(there, here);
    source.exchange.tick();
    expect(source.told).toEqual([]);
    source.term = 8;
    clock.now += 30_000;
    source.exchange.tick();
    expect(source.told).toMatchObject([{ message: { term: 8, needs: [{ source: here }] } }]);
  });
});

test("pathChanged() has room for changes of what was told when it has none for more", () => {
  const others = ["f", "g", "h", "i", "j", "k"].filter((id) => slotOf(id) % 2 === 1).slice(0, 2);
  const receivers = [there, ...others];
  for (const [index, id] of receivers.entries()) {
    source.view.hosts.announce(announcement(id, [`10.0.0.${index + 2}`]), id, 0);
    source.view.table.put(here, address(`10.0.0.${index + 2}`), estimateOf(row()));
    source.exchange.pathChanged(id, here);
  }
  source.exchange.tick();
  expect(source.told.map(({ message }) => message.hostId)).toEqual(receivers.slice(0, 2));
  expect(source.exchange.dropped).toEqual({ needs_full: 1, needs_unsent: 0 });
  clock.now += 40 * 60_000;
  for (const id of receivers) source.exchange.pathChanged(id, here);
  source.exchange.tick();
  const withdrawn = source.told.slice(2).map(({ message }) => [message.hostId, message.needs[0]?.receiveWindowBytes]);
  expect(withdrawn).toEqual(receivers.slice(0, 2).map((id) => [id, 0]));
});

test("pathChanged() tells nothing of what has become as it was told before its turn came", () => {
  source.exchange.pathChanged(there, here);
  clock.now += 40 * 60_000;
  source.exchange.pathChanged(there, here);
  source.exchange.tick();
  expect(source.told).toEqual([]);
});

describe("take()", () => {
  const sealed = (change: Partial<ReceiveNeeds> = {}) =>
    receiveNeeds.seal({
      hostId: there,
      term: 7,
      partition: 0,
      partitions: 2,
      needs: [{ source: here, receiveWindowBytes: needBytes }],
      ...change,
    });

  test("is no news where it is the same", () => {
    for (let round = 0; round < 3; round += 1) receiver.exchange.take(subjectFor("receive", there), sealed());
    expect(receiver.news).toHaveLength(1);
  });

  test("leaves what many needs change in steps", () => {
    const sources = Array.from({ length: 200 }, (_, index) => `host-${index}`).filter((id) => slotOf(id) % 2 === 0);
    const needs = sources.map((source) => ({ source, receiveWindowBytes: needBytes }));
    const left: Steps<unknown>[] = [];
    expect(
      receiver.exchange.take(subjectFor("receive", there), sealed({ needs }), (steps) => left.push(steps)),
    ).toBeUndefined();
    left[0]?.next(true);
    expect(receiver.news).toHaveLength(16);
    while (left[0]?.next(true).done === false);
    expect(receiver.news).toHaveLength(sources.length);
  });

  test.each([
    ["another host's", sealed({ hostId: here }), "wrong_host"],
    ["a term that is over", sealed({ term: 6 }), "old_term"],
    ["a term far ahead", sealed({ term: 1_800_000_000_000 }), "out_of_range"],
    ["a partition that does not exist", sealed({ partitions: 3 }), "unknown_partition"],
    ["what is looked after here", sealed({ needs: [{ source: there, receiveWindowBytes: 1 }] }), "out_of_range"],
    ["too much", sealed({ needs: [{ source: here, receiveWindowBytes: 100 << 20 }] }), "out_of_range"],
    ["no message", new Uint8Array([1]), "not_protobuf"],
  ])("refuses %s", (_, payload, reason) => {
    receiver.exchange.take(subjectFor("receive", there), sealed({ needs: [] }));
    expect(receiver.exchange.take(subjectFor("receive", there), payload)).toBe(reason);
    expect(receiver.news).toEqual([]);
  });
});
