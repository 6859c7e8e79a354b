/** Which hosts and places somebody named, and whether they exist. */
import { isIP } from "node:net";
import type { AugmenterClient } from "../client/client.ts";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { HostFilter } from "../proto/gen/augmenter/v1/HostFilter.ts";
import type { HostInfo__Output } from "../proto/gen/augmenter/v1/HostInfo.ts";
import { suggestion } from "./core/near-names.ts";

const pageSize = 1_000;

/** Every host that the filter selects, `most` at most, whether there are more, and what is wrong with the cluster as a whole. */
export async function hostsOf(client: AugmenterClient, filter: HostFilter, most: number): Promise<HostsFound> {
  const hosts: HostInfo__Output[] = [];
  let warnings: readonly string[] = [];
  let pageToken = "";
  do {
    const page = await client.listHosts({ filter, pageSize: Math.min(pageSize, most), pageToken });
    hosts.push(...page.hosts);
    warnings = page.warnings;
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && hosts.length < most);
  return { hosts: hosts.slice(0, most), isCut: pageToken !== "" || hosts.length > most, warnings };
}

interface HostsFound {
  readonly hosts: readonly HostInfo__Output[];
  readonly isCut: boolean;
  readonly warnings: readonly string[];
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

/** What a host's place may be called: a host by its addresses too, a rack by its label without the zone. */
function otherNames({ rack, addresses }: HostInfo__Output, level: PlaceLevel): readonly string[] {
  if (level === "host") return addresses;
  return level === "rack" ? [rack] : [];
}

/** Throws ExitError 8, with what may have been meant, for the first of the words that is neither an address nor the id of a host. */
export async function requireHosts(client: AugmenterClient, words: readonly string[]): Promise<void> {
  const asked = words.filter((word) => isIP(word) === 0);
  if (asked.length > 0) placesNamed(await everyHost(client), "host", asked);
}

/** Every host there is. */
export async function everyHost(client: AugmenterClient): Promise<readonly HostInfo__Output[]> {
  return (await hostsOf(client, {}, namesMax)).hosts;
}

/**
 * The places that words name, as a matrix has them: for a label of racks in several zones, all of those. Throws ExitError 8, with what
 * may have been meant, for the first of the words that names nothing.
 */
export function placesNamed(
  hosts: readonly HostInfo__Output[],
  level: PlaceLevel,
  words: readonly string[],
): readonly string[] {
  const names = namesOf(hosts, level);
  const others = new Map<string, Set<string>>();
  for (const host of hosts) {
    for (const other of otherNames(host, level)) {
      if (other !== "") others.set(other, (others.get(other) ?? new Set()).add(placeName(host, level)));
    }
  }
  return words.flatMap((word) => {
    if (names.has(word)) return [word];
    const named = others.get(word);
    if (named !== undefined) return [...named];
    const text = unknownText(hosts, level, word, [...new Set([...names, ...others.keys()])]);
    throw new ExitError(exitCodes.notFound, `Cannot find ${text}`);
  });
}

/** The first of the words that no host, rack or zone has as its full name, and what may have been meant; undefined where all are known. */
export async function unknownPlace(
  client: AugmenterClient,
  level: PlaceLevel,
  words: readonly string[],
): Promise<string | undefined> {
  const hosts = await everyHost(client);
  const names = namesOf(hosts, level);
  const unknown = words.find((word) => !names.has(word));
  return unknown === undefined ? undefined : unknownText(hosts, level, unknown, [...names]);
}

function namesOf(hosts: readonly HostInfo__Output[], level: PlaceLevel): ReadonlySet<string> {
  return new Set(hosts.map((host) => placeName(host, level)).filter((name) => name !== ""));
}

function unknownText(
  hosts: readonly HostInfo__Output[],
  level: PlaceLevel,
  word: string,
  names: readonly string[],
): string {
  const near = suggestion(word, names);
  const hint = near !== "" ? near : hosts.length === 0 ? "no agent has been heard of" : "see augmenter hosts";
  return `${level} ${JSON.stringify(word.slice(0, 256))}: ${hint}`;
}
