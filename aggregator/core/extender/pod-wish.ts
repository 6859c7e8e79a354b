/** What a pod's annotations say of the data it will move. */

/** A transfer that the pod will make wherever it runs. */
export interface WishedTransfer {
  /** Host id or address. */
  readonly peer: string;
  /** "read": the peer sends to the pod; "write": the pod sends to the peer. */
  readonly direction: "read" | "write";
}

/** What a pod wishes for. */
export interface PodWish {
  readonly transfers: readonly WishedTransfer[];
  /** Payload of each transfer. */
  readonly bytes: number;
  /** Nodes where nine of ten times a transfer takes longer are refused; undefined: none is. */
  readonly secondsMax: number | undefined;
}

/** What was read of the annotations: a wish, none, or what is wrong with them. */
export type ReadWish =
  | { readonly kind: "wish"; readonly wish: PodWish }
  | { readonly kind: "none" }
  | { readonly kind: "wrong"; readonly problem: string };

/** The names of the annotations. */
export const podAnnotations = {
  readsFrom: "augmenter.io/reads-from",
  writesTo: "augmenter.io/writes-to",
  bytes: "augmenter.io/bytes",
  secondsMax: "augmenter.io/max-seconds",
} as const;

const peersMax = 8;
const peerMaxLength = 128;
/** Without a size a pod is placed for a transfer of this one. */
const bytesDefault = 64 << 20;
const bytesMax = 2 ** 40;

/** The wish in a pod's annotations. */
export function podWish(annotations: Readonly<Record<string, string>>): ReadWish {
  const { readsFrom, writesTo, bytes: bytesName, secondsMax: secondsName } = podAnnotations;
  const transfers = [
    ...peersIn(annotations[readsFrom]).map((peer) => ({ peer, direction: "read" as const })),
    ...peersIn(annotations[writesTo]).map((peer) => ({ peer, direction: "write" as const })),
  ];
  if (transfers.length === 0) return { kind: "none" };
  if (transfers.length > peersMax) return wrong(`${readsFrom} and ${writesTo}`, `at most ${peersMax} peers`);
  if (transfers.some(({ peer }) => peer.length > peerMaxLength)) return wrong(readsFrom, "host ids or addresses");
  const bytes = annotations[bytesName] === undefined ? bytesDefault : quantityFromText(annotations[bytesName]);
  if (bytes === undefined || bytes < 1 || bytes > bytesMax) return wrong(bytesName, "a quantity such as 512Mi, 1..1Ti");
  const secondsText = annotations[secondsName];
  const secondsMax = secondsText === undefined ? undefined : Number(secondsText);
  if (secondsMax !== undefined && !(secondsMax > 0 && secondsMax < 1e9)) return wrong(secondsName, "seconds, above 0");
  return { kind: "wish", wish: { transfers, bytes: Math.round(bytes), secondsMax } };
}

/** Peers, separated by commas. */
function peersIn(text: string | undefined): string[] {
  return [...new Set((text ?? "").split(",").map((peer) => peer.trim()))].filter((peer) => peer !== "");
}

const decimalExponent: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryExponent: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** A Kubernetes quantity (k8s.io/apimachinery/pkg/api/resource): "512Mi", "1.5G", "1e9"; undefined where it is none. */
export function quantityFromText(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d{1,3})|([KMGTPE]i)|([numkMGTPE]))?$/.exec(text);
  if (match === null) return undefined;
  const [, number = "", exponent = "", binary = "", decimal = ""] = match;
  if (exponent !== "") return Number(`${number}${exponent}`);
  if (binary !== "") return Number(number) * 2 ** (binaryExponent[binary] ?? 0);
  return Number(number) * 10 ** (decimalExponent[decimal] ?? 0);
}

function wrong(name: string, requirement: string): ReadWish {
  return { kind: "wrong", problem: `Cannot use ${name} as it must be ${requirement}` };
}
