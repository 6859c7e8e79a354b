/**
 * What kube-scheduler sends to an extender and expects from it (k8s.io/kube-scheduler/extender/v1, types.go). The outer names are those
 * of the Go fields, as they have no JSON tags there; they are taken in any case, as Go's own decoder does. What is not used of
 * a node is kept as it came.
 */
import { z } from "zod";

const name = z.string().min(1).max(253);

const node = z.looseObject({
  metadata: z.looseObject({ name }),
  status: z
    .looseObject({ addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).nullish() })
    .nullish(),
});

/** More are not looked at. */
const nodesMax = 15_000;

const extenderArgs = z.object({
  pod: z.looseObject({
    metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).nullish() }).nullish(),
  }),
  nodes: z.looseObject({ items: z.array(node).nullish() }).nullish(),
  nodenames: z.array(name).nullish(),
});

/** A node of a NodeList; whatever else it holds is handed back. */
export type KubernetesNode = z.output<typeof node>;

/** What the scheduler asks about. */
export interface ExtenderArgs {
  readonly annotations: Readonly<Record<string, string>>;
  /** Given to extenders that are not `nodeCacheCapable`. */
  readonly nodes: readonly KubernetesNode[] | undefined;
  readonly nodeNames: readonly string[];
  /** More nodes than are looked at. */
  readonly isTooMany: boolean;
}

/** What `filter` answers. */
export interface ExtenderFilterResult {
  readonly Nodes: { readonly items: readonly KubernetesNode[] } | null;
  readonly NodeNames: readonly string[] | null;
  /** Why a node is refused, by its name. */
  readonly FailedNodes: Readonly<Record<string, string>>;
  readonly Error: string;
}

/** What `prioritize` answers, one for each node. */
export interface HostPriority {
  readonly Host: string;
  /** 0..10. */
  readonly Score: number;
}

/** The arguments in a body; a text that says what is wrong with it otherwise. */
export function extenderArgsFrom(body: unknown): ExtenderArgs | string {
  if (body === null || typeof body !== "object" || Array.isArray(body)) return "the body must be an object";
  const byLowerCase = Object.fromEntries(Object.entries(body).map(([key, value]) => [key.toLowerCase(), value]));
  const read = extenderArgs.safeParse(byLowerCase);
  if (!read.success) {
    const issue = read.error.issues[0];
    return `${issue?.path.join(".") || "the body"}: ${issue?.message ?? "cannot be read"}`;
  }
  const { pod, nodes, nodenames } = read.data;
  const items = nodes?.items ?? undefined;
  const nodeNames = nodenames ?? items?.map(({ metadata }) => metadata.name) ?? [];
  return {
    annotations: pod.metadata?.annotations ?? {},
    nodes: items,
    nodeNames,
    isTooMany: nodeNames.length > nodesMax,
  };
}
