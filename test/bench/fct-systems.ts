/** What is compared. */

/** The first windows that operators set by hand, beside the kernel's ten (RFC 6928). */
export const fixedWindows = [20, 32, 45, 64, 100, 200] as const;

/** Every system, in the order of the tables. */
export const systemNames = [
  "default",
  ...fixedWindows.map((window) => `iw${window}` as const),
  "riptide",
  "augmenter",
] as const;

export type SystemName = (typeof systemNames)[number];

/**
 * Every system has its traffic to itself: hosts of its own, queues of its own with the same parameters. Those that
 * remember nothing share one pair.
 */
export const pairNames = ["plain", "riptide", "augmenter"] as const;

export type PairName = (typeof pairNames)[number];

/** The pair of hosts whose traffic a system has. */
export function pairOf(system: SystemName): PairName {
  return system === "riptide" || system === "augmenter" ? system : "plain";
}

/** The window that a system sets by route; undefined where it sets none. */
export function fixedWindowOf(system: SystemName): number | undefined {
  return fixedWindows.find((window) => system === `iw${window}`);
}

/** The systems among which the best single fixed window is sought; the default is one of them. */
export const fixedSystems: readonly SystemName[] = systemNames.filter((name) => pairOf(name) === "plain");

/** The systems of a text such as "default,iw45,augmenter" or "all"; what is wrong as a text. */
export function systemsFromText(text: string): readonly SystemName[] | string {
  if (text === "all") return systemNames;
  const wanted = text.split(",");
  const unknown = wanted.find((name) => !systemNames.includes(name as SystemName));
  if (unknown !== undefined) return `all or some of ${systemNames.join(",")}, not "${unknown}"`;
  return systemNames.filter((name) => wanted.includes(name));
}
