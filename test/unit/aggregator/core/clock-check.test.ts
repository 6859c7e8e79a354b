import { expect, test } from "vitest";
import { Abroad } from "../../../../aggregator/core/abroad.ts";
import { abroadBounds } from "../../../../aggregator/core/bounds.ts";
import { clockTrouble } from "../../../../aggregator/core/clock-check.ts";
import { holdsSlot } from "../../../../proto/partition.ts";
import { slotOf } from "../../../../proto/subjects.ts";
import { termFollowedAheadMaxMs } from "../../../../proto/term.ts";
import { emptyView } from "../fixtures.ts";

function troubleOf(...offsetsMs: readonly number[]): string | undefined {
  const view = emptyView();
  for (const [index, offsetMs] of offsetsMs.entries()) view.hosts.heard(`h${index}`, 1, offsetMs, 0);
  return clockTrouble(view);
}

test("clockTrouble() tells a clock that is further ahead of most hosts than they follow a term", () => {
  expect(troubleOf(-termFollowedAheadMaxMs - 1, -termFollowedAheadMaxMs - 1, 0)).toMatch(/^clock: .* 2 of 3 hosts/);
  expect(troubleOf(-termFollowedAheadMaxMs - 1)).toBeDefined();
});

test("clockTrouble() asks the hosts of its own partition alone", () => {
  const partition = { index: 0, of: 2 };
  const view = { ...emptyView(), abroad: new Abroad(partition, abroadBounds) };
  const ids = Array.from({ length: 40 }, (_, index) => `h${index}`);
  for (const id of ids) view.hosts.heard(id, 1, holdsSlot(partition, slotOf(id)) ? -termFollowedAheadMaxMs - 1 : 0, 0);
  expect(clockTrouble(view)).toBeDefined();
});

test("clockTrouble() believes no single host, none that is late or ahead, and nothing of no hosts", () => {
  expect(troubleOf()).toBeUndefined();
  expect(troubleOf(-termFollowedAheadMaxMs - 1, 0, 0)).toBeUndefined();
  expect(troubleOf(-termFollowedAheadMaxMs, -60_000, 90_000_000)).toBeUndefined();
});
