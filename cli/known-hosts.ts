/** Whether the hosts that somebody named exist. */
import { isIP } from "node:net";
import type { AugmenterClient } from "../client/client.ts";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { HostFilter } from "../proto/gen/augmenter/v1/HostFilter.ts";
import type { HostInfo__Output } from "../proto/gen/augmenter/v1/HostInfo.ts";
import { suggestion } from "./core/near-names.ts";

const pageSize = 1_000;

/** Every host that the filter selects, `most` at most, and whether there are more. */
export async function hostsOf(
  client: AugmenterClient,
  filter: HostFilter,
  most: number,
): Promise<{ readonly hosts: readonly HostInfo__Output[]; readonly isCut: boolean }> {
  const hosts: HostInfo__Output[] = [];
  let pageToken = "";
  do {
    const page = await client.listHosts({ filter, pageSize: Math.min(pageSize, most), pageToken });
    hosts.push(...page.hosts);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && hosts.length < most);
  return { hosts: hosts.slice(0, most), isCut: pageToken !== "" || hosts.length > most };
}

/** Hosts that names are looked for among; a cluster of that many is the largest this is made for. */
const namesMax = 20_000;

/** What words may name. */
export type PlaceLevel = "host" | "rack" | "zone";

/** The name of a host's place as a matrix has it; empty where the host told none. */
export function placeName({ hostId, rack, zone }: HostInfo__Output, level: PlaceLevel): string {
  if (level === "host") return hostId;
  if (level === "zone") return zone;
  return rack === "" || zone === "" ? rack : `${zone}/${rack}`;
}

/** Throws ExitError 8, with what may have been meant, for the first of the words that is neither an address nor the id of a host. */
export async function requireHosts(client: AugmenterClient, words: readonly string[]): Promise<void> {
  const asked = words.filter((word) => isIP(word) === 0);
  await requirePlaces(client, "host", asked);
}

/** The same for the first of the words that is no host, no rack or no zone. */
export async function requirePlaces(
  client: AugmenterClient,
  level: PlaceLevel,
  words: readonly string[],
): Promise<void> {
  if (words.length === 0) return;
  const unknown = await unknownPlace(client, level, words);
  if (unknown !== undefined) throw new ExitError(exitCodes.notFound, `Cannot find ${unknown}`);
}

/** The first of the words that is no host, no rack or no zone, and what may have been meant; undefined where all are known. */
export async function unknownPlace(
  client: AugmenterClient,
  level: PlaceLevel,
  words: readonly string[],
): Promise<string | undefined> {
  const { hosts } = await hostsOf(client, {}, namesMax);
  const names = [...new Set(hosts.map((host) => placeName(host, level)))].filter((name) => name !== "");
  const unknown = words.find((word) => !names.includes(word));
  if (unknown === undefined) return undefined;
  const near = suggestion(unknown, names);
  const hint = near !== "" ? near : hosts.length === 0 ? "no agent has been heard of" : "see augmenter hosts";
  return `${level} ${JSON.stringify(unknown.slice(0, 256))}: ${hint}`;
}
