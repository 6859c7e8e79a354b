/** Hosts, racks and zones as the places of a matrix or of a policy. */
import type { HostState } from "../hosts.ts";

/** What the places of a matrix are. */
export type PlaceLevel = "host" | "rack" | "zone";

/** The name of a host's place at a level; undefined where the host told none. */
export function placeOf(host: HostState, level: PlaceLevel): string | undefined {
  switch (level) {
    case "host":
      return host.hostId;
    case "rack":
      return rackName(host);
    case "zone":
      return host.zone === "" ? undefined : host.zone;
  }
}

/** "zone/rack", or "rack" where there is no zone: racks of two zones may have one name. */
export function rackName({ rack, zone }: Pick<HostState, "rack" | "zone">): string | undefined {
  if (rack === "") return undefined;
  return zone === "" ? rack : `${zone}/${rack}`;
}
