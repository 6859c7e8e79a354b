/** The Kubernetes scheduler extender: filter and prioritize nodes by when a pod's transfers would finish there. */
import { BodyReader, HttpError } from "../common/http-body.ts";
import type { JsonPost } from "../common/http-endpoint.ts";
import type { NodeTime, NodeTimes } from "./core/extender/node-scores.ts";
import { nodeScores, refusalOf } from "./core/extender/node-scores.ts";
import type { PodWish } from "./core/extender/pod-wish.ts";
import { podWish } from "./core/extender/pod-wish.ts";
import { QueryFault } from "./core/query/query-fault.ts";
import type { Steps } from "./core/steps.ts";
import { inOneGo, inParts } from "./core/steps.ts";
import type { ExtenderArgs, ExtenderFilterResult, HostPriority, KubernetesNode } from "./extender-messages.ts";
import { extenderArgsFrom } from "./extender-messages.ts";
import type { SlicedWork } from "./sliced-work.ts";

/** What the extender asks of the view. */
export interface TransferTimes {
  /** Whether a name is the id or an address of a host that was heard of. */
  isHost(name: string): boolean;
  /** One time for each destination, in their order; "local" for the source itself, by whichever of its names. */
  from(source: string, destinations: readonly string[], bytes: number): Steps<NodeTimes>;
}

/** Told of every question. */
export interface ExtenderMetrics {
  readonly calls: { inc(labels: { readonly method: string; readonly code: string }): void };
}

const nodesPerStep = 64;
/** Thousands of whole nodes; with `nodeCacheCapable: true` names alone come, and 5,000 of them are 200 KB. */
const bodyBounds = { maxBytes: 16 << 20, readingMax: 16, readMs: 2_000 } as const;

type Answering = (args: ExtenderArgs, wish: PodWish | undefined) => Steps<unknown>;

/** The paths to answer POSTs of. */
export function extenderPosts(
  times: TransferTimes,
  work: SlicedWork,
  metrics: ExtenderMetrics,
): Readonly<Record<string, JsonPost>> {
  // Its own: no question of another kind keeps a pod waiting.
  const bodies = new BodyReader(bodyBounds);
  const post = (verb: string, answer: Answering): JsonPost => ({
    bodies,
    answer: async (body, isGone) => {
      const args = extenderArgsFrom(body);
      if (typeof args === "string") {
        metrics.calls.inc({ method: verb, code: "INVALID_ARGUMENT" });
        throw new HttpError(400, `Cannot read ExtenderArgs: ${args}`);
      }
      if (args.isTooMany) {
        // No pod waits because nothing is known of its nodes: all pass, all score 0.
        metrics.calls.inc({ method: verb, code: "RESOURCE_EXHAUSTED" });
        return inOneGo(answer(args, undefined));
      }
      const read = podWish(args.annotations);
      try {
        const ending = () =>
          isGone() ? new QueryFault("CANCELLED", "Cannot answer as the caller has left") : undefined;
        const told = await work.run(answer(args, read.kind === "wish" ? read.wish : undefined), ending);
        // A pod with a typo is placed as if it wished for nothing: it must not wait for somebody to read a log.
        metrics.calls.inc({ method: verb, code: read.kind === "wrong" ? "FAILED_PRECONDITION" : "OK" });
        return told;
      } catch (error) {
        if (!(error instanceof QueryFault)) throw error;
        // Nor because too many ask.
        metrics.calls.inc({ method: verb, code: error.code });
        return inOneGo(answer(args, undefined));
      }
    },
  });
  return {
    "/scheduler/filter": post("scheduler/filter", (args, wish) => filtered(times, args, wish)),
    "/scheduler/prioritize": post("scheduler/prioritize", (args, wish) => prioritized(times, args, wish)),
  };
}

/** Every node but those that are known to be too slow for what the pod demands. */
function* filtered(times: TransferTimes, args: ExtenderArgs, wish: PodWish | undefined): Steps<ExtenderFilterResult> {
  const failed: Record<string, string> = {};
  if (wish?.secondsMax !== undefined) {
    const transfers = yield* timesOf(times, args, wish);
    for (const [node, name] of args.nodeNames.entries()) {
      const refusal = refusalOf(
        transfers.map((each) => each[node]),
        wish.secondsMax,
      );
      if (refusal !== undefined) failed[name] = refusal;
    }
  }
  const isKept = (name: string) => !Object.hasOwn(failed, name);
  const { nodes } = args;
  return {
    // The scheduler reads the one of the two that it sent.
    Nodes: nodes === undefined ? null : { items: nodes.filter(({ metadata }) => isKept(metadata.name)) },
    NodeNames: nodes === undefined ? args.nodeNames.filter(isKept) : null,
    FailedNodes: failed,
    Error: "",
  };
}

function* prioritized(times: TransferTimes, args: ExtenderArgs, wish: PodWish | undefined): Steps<HostPriority[]> {
  const scores = nodeScores(args.nodeNames.length, wish === undefined ? [] : yield* timesOf(times, args, wish));
  return args.nodeNames.map((Host, node) => ({ Host, Score: scores[node] ?? 0 }));
}

/** For each transfer its times, in the order of the nodes. */
function* timesOf(times: TransferTimes, args: ExtenderArgs, { transfers, bytes }: PodWish): Steps<NodeTimes[]> {
  const byName = new Map(args.nodes?.map((node) => [node.metadata.name, node]));
  const hosts = yield* inParts(args.nodeNames, nodesPerStep, (name) => hostOf(times, name, byName.get(name)));
  const known = hosts.filter((host) => host !== undefined);
  const all: NodeTimes[] = [];
  for (const { peer, direction } of transfers) {
    const told =
      direction === "read" ? yield* times.from(peer, known, bytes) : yield* timesTo(times, peer, known, bytes);
    const byHost = new Map<string, NodeTime>(known.map((host, index) => [host, told[index]]));
    const ofNodes = hosts.map((host, node): NodeTime => {
      if (host === peer || args.nodeNames[node] === peer) return "local";
      return host === undefined ? undefined : byHost.get(host);
    });
    all.push(ofNodes);
    yield;
  }
  return all;
}

function* timesTo(times: TransferTimes, peer: string, hosts: readonly string[], bytes: number): Steps<NodeTimes> {
  const told: NodeTime[] = [];
  for (const host of hosts) {
    told.push((yield* times.from(host, [peer], bytes))[0]);
    yield;
  }
  return told;
}

/** A node by the id of its agent, which is its name unless told otherwise, or by its address. */
function hostOf(times: TransferTimes, name: string, node: KubernetesNode | undefined): string | undefined {
  if (times.isHost(name)) return name;
  return node?.status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
}
