import { expect, test } from "vitest";
import { adviceBounds } from "../../../../aggregator/core/bounds.ts";
import { adviceFor, reverseAdvice } from "../../../../aggregator/core/host-advice.ts";
import { address, announcement, emptyView, estimateOf, row } from "../fixtures.ts";

function viewOfTwo() {
  const view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1", "10.1.0.1"]), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
  return view;
}

test("adviceFor() gives a first window from the path there", () => {
  const view = viewOfTwo();
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  expect(adviceFor(view, "a", address("10.0.0.2"), adviceBounds, 1_000)).toMatchObject({
    windowSegments: 691,
    receiveWindowBytes: 0,
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
    reason: "The kernel's first window; what b may send at once is known",
  });
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
