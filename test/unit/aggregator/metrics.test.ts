import { Registry } from "prom-client";
import { expect, test } from "vitest";
import type { GaugeSources } from "../../../aggregator/metrics.ts";
import { addGauges } from "../../../aggregator/metrics.ts";

test("addGauges() tells of what was dropped by reason, as often as it is asked", async () => {
  const registry = new Registry();
  let drops = { needs_full: 3, words_unsent: 0 };
  addGauges(registry, { peerDrops: () => drops } as Partial<GaugeSources> as GaugeSources);
  const values = async () => (await registry.getSingleMetric("augmenter_aggregator_peer_drops_total")?.get())?.values;
  const [full, unsent] = [{ reason: "needs_full" }, { reason: "words_unsent" }];
  expect(await values()).toEqual([
    { value: 3, labels: full },
    { value: 0, labels: unsent },
  ]);
  drops = { needs_full: 3, words_unsent: 1 };
  expect(await values()).toEqual([
    { value: 3, labels: full },
    { value: 1, labels: unsent },
  ]);
});
