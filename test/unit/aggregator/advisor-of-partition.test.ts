import { afterEach, beforeEach, expect, test } from "vitest";
import { Advisor } from "../../../aggregator/advisor.ts";
import { Abroad } from "../../../aggregator/core/abroad.ts";
import { abroadBounds } from "../../../aggregator/core/bounds.ts";
import type { View } from "../../../aggregator/core/view.ts";
import { createMetrics } from "../../../aggregator/metrics.ts";
import { answerOf } from "../../../aggregator/query-calls.ts";
import { silentLog } from "../../../common/log.ts";
import { adviceBounds } from "../../../node-agent/config.ts";
import type { HeldAdvice } from "../../../node-agent/core/advice-admission.ts";
import { admit, noAdvice } from "../../../node-agent/core/advice-admission.ts";
import { adviceUpdate } from "../../../proto/messages.ts";
import { slotOf } from "../../../proto/subjects.ts";
import { address, announcement, emptyView, estimateOf, PlayedClock, row } from "./fixtures.ts";

const ids = Array.from({ length: 64 }, (_, index) => `host-${index}`);
const inPart = (index: number) => ids.filter((id) => slotOf(id) % 2 === index);
/** One of each partition in either rack. */
const [a1 = "", b1 = ""] = inPart(0);
const [a2 = "", b2 = ""] = inPart(1);
const addresses = new Map([a1, a2, b1, b2].map((id, index) => [id, `10.0.0.${index + 1}`]));
const at = (id: string) => address(addresses.get(id) ?? "");

let clock = new PlayedClock();
/** What every host holds, as an agent takes it in. */
let held = new Map<string, HeldAdvice>();
let refusals: string[] = [];
let sides: { readonly view: View; readonly advisor: Advisor }[] = [];

beforeEach(() => {
  clock = new PlayedClock(6_000);
  held = new Map();
  refusals = [];
  sides = [side(0, 7), side(1, 8)];
});

afterEach(() => {
  for (const { advisor } of sides) advisor.stop();
});

function side(index: number, term: number) {
  const view: View = { ...emptyView(), abroad: new Abroad({ index, of: 2 }, abroadBounds) };
  view.ledger.lead(term, 0);
  for (const [id, text] of addresses) {
    const rack = id === a1 || id === a2 ? "a" : "b";
    view.hosts.announce(announcement(id, [text], { rack, zone: "z" }), id, 0);
  }
  const advisor = new Advisor({
    view,
    link: { connected: true, publish: (_, payload) => admitted(payload), flush: async () => true },
    metrics: createMetrics(),
    clock,
    log: silentLog(),
    ttlMs: 9_000,
    leads: () => true,
    onPathAbroad: () => undefined,
    onFailure: () => undefined,
    onHostGone: () => undefined,
  });
  return { view, advisor };
}

function admitted(payload: Uint8Array): boolean {
  const opened = adviceUpdate.open(payload);
  if (!opened.ok) throw new Error(`Cannot open the update: ${opened.refusal}`);
  const { hostId } = opened.message;
  const bounds = { ...adviceBounds, entries: 1_000 };
  const admission = admit(opened.message, held.get(hostId) ?? noAdvice, hostId, bounds, clock.unixMs());
  if (admission.taken) held.set(hostId, admission.held);
  else refusals.push(`${hostId} ${admission.refusal}`);
  return true;
}

/** What a side is told of a path of a host of its own. */
function measured(index: number, source: string, destination: string): void {
  const view = sides[index]?.view;
  const estimate = estimateOf(...Array.from({ length: 6 }, () => row()));
  view?.table.put(source, at(destination), estimate);
  for (let round = 0; round < 30; round += 1) view?.inference.learn(source, at(destination), estimate, clock.now);
}

async function ticks(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.now += 1_000;
    for (const { view, advisor } of sides) {
      for (const id of addresses.keys()) view.hosts.heard(id, 1_000, 0, clock.now);
      advisor.tick();
      // What was published is flushed.
      await Promise.resolve();
    }
  }
}

test("the hosts of a rack of two partitions are each advised by their own leader alone, seen or unseen", async () => {
  measured(0, a1, b1);
  measured(1, a2, b2);
  await ticks(3);
  for (const { advisor } of sides) advisor.policyChanged();
  sides[0]?.advisor.failedAbroad(a2, at(b1));
  sides[1]?.advisor.failedAbroad(a1, at(b2));
  sides[0]?.advisor.needChanged(a2, b1);
  await ticks(12);
  expect(refusals).toEqual([]);
  // Unseen too: what the one of the rack speaks to, and what is beside it.
  for (const [source, term] of [
    [a1, 7],
    [a2, 8],
  ] as const) {
    expect(held.get(source)).toMatchObject({ term });
    expect(held.get(source)?.entries.size, source).toBe(2);
  }
  expect([...held].filter(([id, { term }]) => term !== 7 + (slotOf(id) % 2))).toEqual([]);
});

test("a host of the other partition is answered for without any advice, and with who advises it", async () => {
  measured(0, a1, b1);
  await ticks(3);
  const view = sides[0]?.view as View;
  const ends = { source: a2, destination: b1 };
  expect(answerOf("GetPath", view, ends, clock.now)).toMatchObject({
    provenance: "PROVENANCE_INFERRED",
    advice: null,
    measuredElsewhere: ["2/2"],
  });
  expect(answerOf("ExplainAdvice", view, ends, clock.now)).toMatchObject({
    path: { advice: null },
    wanted: null,
    conclusion: `Not decided here: ${a2} is advised by the aggregators of partition 2/2`,
    bounds: [],
    alternatives: [],
    measuredElsewhere: ["2/2"],
  });
  const transfer = { bytes: 1e6, concurrent: 0, firstWindow: "FIRST_WINDOW_UNSPECIFIED" as const };
  expect(answerOf("EstimateTransfer", view, { ...ends, ...transfer }, clock.now)).toMatchObject({ advised: false });
});
