import { expect, test } from "vitest";
import { noteEvictions } from "../../../../aggregator/core/eviction-troubles.ts";
import { PathTable } from "../../../../aggregator/core/path-table.ts";
import { address, announcement, emptyView, estimateOf, row } from "../fixtures.ts";

test("noteEvictions() counts with the hosts whatever a full table evicts, also of those whose last path made room", () => {
  const { hosts } = emptyView();
  const table = new PathTable({ pathsMax: 64, pathsPerHostMax: 64, forgottenKept: 8 });
  const put = (hostId: string, last: number) => {
    hosts.announce(announcement(hostId, []), hostId, 0);
    table.put(hostId, address(`10.0.0.${last}`), estimateOf(row()));
  };
  for (let host = 0; host < 32; host += 1) for (const last of [1, 2]) put(`old-${host}`, last);
  for (let host = 0; host < 100; host += 1) put(`new-${host}`, 3);
  table.prune(Number.NEGATIVE_INFINITY, 0, (host) => noteEvictions(hosts, host));
  for (const hostId of hosts.ids()) noteEvictions(hosts, table.beginReport(hostId));
  expect(table.evicted).toBe(100);
  expect(hosts.troubles).toEqual({ paths_evicted: 100, table_full: 100 });
});
