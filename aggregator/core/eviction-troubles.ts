/** Paths that made room for others, counted with the hosts whose they were and those who took it. */
import type { Hosts } from "./hosts.ts";
import type { HostPaths } from "./path-hosts.ts";

/** Counts each eviction since the last call with its host, also those of other hosts' reports; of a host that is gone nothing is kept. */
export function noteEvictions(hosts: Pick<Hosts, "noteTrouble">, { hostId, evictions }: HostPaths): void {
  const { ofShare, ofTable, forced } = evictions;
  if (ofShare > 0) hosts.noteTrouble(hostId, "paths_evicted", ofShare, "host_limit");
  if (ofTable > 0) hosts.noteTrouble(hostId, "paths_evicted", ofTable, "table_full");
  if (forced > 0) hosts.noteTrouble(hostId, "table_full", forced);
  evictions.ofShare = 0;
  evictions.ofTable = 0;
  evictions.forced = 0;
}
