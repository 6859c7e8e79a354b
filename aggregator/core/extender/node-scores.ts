/** How well nodes suit a pod, from when its transfers would finish there. */

/** When a transfer would finish; undefined: nothing is known of it. */
export interface TransferTime {
  readonly p50Us: number;
  readonly p90Us: number;
  /** From samples of the very path, and recent. */
  readonly isTrusted: boolean;
}

/** On one node; "local": it is the peer's own, where nothing goes over the network. */
export type NodeTime = TransferTime | "local" | undefined;

/** One transfer of the pod: its time on each node, in the order of the nodes. */
export type NodeTimes = readonly NodeTime[];

/** The extender's largest score (MaxExtenderPriority in k8s.io/kube-scheduler/extender/v1). */
export const scoreMax = 10;

/** Of the largest score, for the fastest of the other nodes where the peer's own is among them. */
const remoteShare = 0.9;

/** Differences below this are no reason to prefer a node. */
const insignificantUs = 1_000;

/**
 * 0..10 for each node, whole numbers: the mean over the transfers of 10 x the fastest time / the node's. The peer's own node has 10 and
 * the fastest of the others 9 then: they are held against each other, not against no time at all. Where a time is not known the transfer counts
 * like its median node: neither for nor against. 0 where no time over the network is known.
 */
export function nodeScores(nodeCount: number, transfers: readonly NodeTimes[]): number[] {
  const shares = transfers.map((times) => sharesOf(times)).filter((each) => each !== undefined);
  return Array.from({ length: nodeCount }, (_, node) => {
    const sum = shares.reduce((total, each) => total + (each[node] ?? 0), 0);
    return shares.length === 0 ? 0 : Math.round((scoreMax * sum) / shares.length);
  });
}

/** Why a node is refused; undefined: it is not. Only a time that is trusted and too long refuses one. */
export function refusalOf(times: readonly NodeTime[], secondsMax: number | undefined): string | undefined {
  if (secondsMax === undefined) return undefined;
  const slow = times
    .filter((time) => time !== "local")
    .find((time) => time?.isTrusted && time.p90Us > secondsMax * 1e6);
  if (slow === undefined) return undefined;
  return `a transfer takes ${seconds(slow.p50Us)} (9 of 10 within ${seconds(slow.p90Us)}), wanted ${secondsMax} s`;
}

/** Fastest / own for each node, 0..1; undefined where nothing is known of any. */
function sharesOf(times: NodeTimes): number[] | undefined {
  const isAnyLocal = times.includes("local");
  const known = times
    .filter((time) => time !== undefined && time !== "local")
    .map(({ p50Us }) => p50Us + insignificantUs)
    .sort((a, b) => a - b);
  const [fastest = 0] = known;
  if (fastest === 0 && !isAnyLocal) return undefined;
  const median = known[Math.floor(known.length / 2)] ?? Number.POSITIVE_INFINITY;
  const highest = isAnyLocal ? remoteShare : 1;
  return times.map((time) => {
    if (time === "local") return 1;
    return (highest * fastest) / (time === undefined ? median : time.p50Us + insignificantUs);
  });
}

function seconds(us: number): string {
  return `${Number((us / 1e6).toPrecision(3))} s`;
}
