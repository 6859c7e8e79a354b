/** The NetworkTopology resource of Kubernetes' network-aware scheduling (networktopology.diktyo.x-k8s.io/v1alpha1). */
import type { MatrixCell } from "./matrix-cells.ts";
import { isKnown } from "./matrix-cells.ts";

/** How the resource is called, and which labels its places are values of. */
export interface TopologyNames {
  readonly name: string;
  readonly namespace: string;
  /** Name of the costs that the plugin is configured with. */
  readonly weights: string;
}

/** Costs between the values of one node label. */
export interface TopologyLevel {
  /** The label, such as "topology.kubernetes.io/zone". */
  readonly key: string;
  readonly cells: readonly MatrixCell[];
}

/** As the API server takes it. */
export interface NetworkTopology {
  readonly apiVersion: "networktopology.diktyo.x-k8s.io/v1alpha1";
  readonly kind: "NetworkTopology";
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly configmapName: string;
    readonly weights: readonly {
      readonly name: string;
      readonly topologyList: readonly {
        readonly topologyKey: string;
        readonly originList: readonly {
          readonly origin: string;
          readonly costList: readonly CostInfo[];
        }[];
      }[];
    }[];
  };
}

interface CostInfo {
  readonly destination: string;
  readonly networkCost: number;
  /** Bits a second, a Kubernetes quantity. */
  readonly bandwidthCapacity?: string;
}

const costMax = 100;
const costPerDecade = 25;
/** What a place a cost of 0 apart is reached within. */
const cheapestUs = 1_000;
const referenceBytes = 1 << 20;

/** The resource. Pairs of which nothing is known, and places to themselves, are left out: the plugin has its own costs for both. */
export function networkTopology(names: TopologyNames, levels: readonly TopologyLevel[]): NetworkTopology {
  const topologyList = levels.map(({ key, cells }) => ({ topologyKey: key, originList: originsOf(cells) }));
  return {
    apiVersion: "networktopology.diktyo.x-k8s.io/v1alpha1",
    kind: "NetworkTopology",
    metadata: { name: names.name, namespace: names.namespace },
    spec: {
      // The CRD demands it. It names measurements for a controller to make costs from; these are made already.
      configmapName: "augmenter",
      weights: [{ name: names.weights, topologyList }],
    },
  };
}

/**
 * 0..100 for a pair: the time in which 1 MiB arrives there, a round trip and the bytes at the path's rate, on a scale of 25 a decade
 * from 1 ms (0) to 10 s (100). It does not depend on other pairs, so that a cost moves only when its own path does.
 */
export function networkCost({
  minRttUs,
  rateBytesPerSecond,
}: Pick<MatrixCell, "minRttUs" | "rateBytesPerSecond">): number {
  const sendingUs = rateBytesPerSecond > 0 ? (referenceBytes / rateBytesPerSecond) * 1e6 : 0;
  const decades = Math.log10(Math.max(cheapestUs, minRttUs + sendingUs) / cheapestUs);
  return Math.min(costMax, Math.round(costPerDecade * decades));
}

function originsOf(cells: readonly MatrixCell[]) {
  const origins = new Map<string, CostInfo[]>();
  for (const cell of cells) {
    if (!isKnown(cell) || cell.source === cell.destination || cell.minRttUs === 0) continue;
    const costs = origins.get(cell.source) ?? [];
    costs.push(costOf(cell));
    origins.set(cell.source, costs);
  }
  return [...origins].map(([origin, costList]) => ({ origin, costList }));
}

function costOf(cell: MatrixCell): CostInfo {
  const capacity = cell.rateBytesPerSecond > 0 ? { bandwidthCapacity: quantity(cell.rateBytesPerSecond * 8) } : {};
  return { destination: cell.destination, networkCost: networkCost(cell), ...capacity };
}

/** Megabits, so that noise below them is no change. */
function quantity(bitsPerSecond: number): string {
  return bitsPerSecond >= 1e6
    ? `${Math.round(bitsPerSecond / 1e6)}M`
    : `${Math.max(1, Math.round(bitsPerSecond / 1e3))}k`;
}
