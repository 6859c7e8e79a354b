import { expect, test } from "vitest";
import { adviceBounds } from "../../../../aggregator/core/bounds.ts";
import { adviceFor, reasonFor } from "../../../../aggregator/core/host-advice.ts";
import { pathMessage } from "../../../../aggregator/core/path-message.ts";
import { address, announcement, emptyView, estimateOf, pathRate, row } from "../fixtures.ts";

test("pathMessage() tells the estimate, the two ends and the advice", () => {
  const view = emptyView();
  const far = address("10.0.0.2");
  view.hosts.announce(announcement("a", ["10.0.0.1"], { mode: "MODE_OBSERVE", zone: "z" }), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
  view.table.put("a", far, estimateOf(row()));
  view.ledger.want("a", far, adviceFor(view, "a", far, adviceBounds, 1_000));
  const record = view.table.get("a", far);
  if (record === undefined) throw new Error("Cannot find the path");
  expect(pathMessage(view, record, 3_500)).toMatchObject({
    path: { source: "a", destination: "10.0.0.2" },
    provenance: "PROVENANCE_MEASURED",
    ageSeconds: 2.5,
    rttSamples: 64,
    rateSamples: 32,
    minRttUs: 20_000,
    rateBytesPerSecond: pathRate,
    bdpBytes: 500_000,
    sourceRack: "rack of a",
    sourceZone: "z",
    destinationHost: "b",
    destinationRack: "rack of b",
    advice: {
      windowSegments: 691,
      mode: "observe",
      reason: reasonFor(view, "a", far, adviceBounds, 3_500),
    },
  });
});

test("pathMessage() leaves out advice and ends that are not known", () => {
  const view = emptyView();
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  const [record] = view.table.after("", 1);
  if (record === undefined) throw new Error("Cannot find the path");
  expect(pathMessage(view, record, 1_000)).toMatchObject({ advice: null, destinationHost: "", sourceRack: "" });
});
