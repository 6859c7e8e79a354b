/** The aggregator as a whole: made from its options, ended by its shutdown. */
import { randomInt, randomUUID } from "node:crypto";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import { startHttpEndpoint } from "../common/http-endpoint.ts";
import type { Log } from "../common/log.ts";
import type { MessageHandler } from "../common/message-queue.ts";
import type { LinkSubscription, NatsLink } from "../common/nats-link.ts";
import { connectNats } from "../common/nats-link.ts";
import type { OptionValues } from "../common/option-values.ts";
import type { Shutdown } from "../common/shutdown.ts";
import type { Partition } from "../proto/partition.ts";
import { partitionText, wholeCluster } from "../proto/partition.ts";
import { subjectForAllPartitions, subjectsForHostsOf } from "../proto/subjects.ts";
import { Advisor } from "./advisor.ts";
import { CallRunner } from "./call-runner.ts";
import type { Clock } from "./clock.ts";
import { Abroad } from "./core/abroad.ts";
import { seedAddressHash } from "./core/address-hash.ts";
import { AdviceLedger } from "./core/advice-ledger.ts";
import {
  abroadBounds,
  failureBounds,
  fanInBounds,
  inferenceBounds,
  pushBounds,
  queryBounds,
  sharedFailureBounds,
  tableBounds,
} from "./core/bounds.ts";
import { clockTrouble } from "./core/clock-check.ts";
import { FailureLog } from "./core/failure-log.ts";
import { FanIns } from "./core/fan-ins.ts";
import { Hosts } from "./core/hosts.ts";
import { Inference } from "./core/inference.ts";
import { isMisconfigured, unledText } from "./core/led-slots.ts";
import { PathTable } from "./core/path-table.ts";
import { PolicyBook } from "./core/policy/policy-book.ts";
import { SharedFailures } from "./core/shared-failures.ts";
import type { View } from "./core/view.ts";
import { Exchange } from "./exchange.ts";
import { startGrpcServer } from "./grpc-server.ts";
import { httpPosts, httpRoutes, httpViews } from "./http-views.ts";
import { Ingest, ingestBounds, ingestKinds } from "./ingest.ts";
import { Leadership } from "./leadership.ts";
import type { Metrics } from "./metrics.ts";
import { addGauges, createMetrics } from "./metrics.ts";
import type { aggregatorProgram } from "./options.ts";
import { PathService } from "./path-service.ts";
import { PeerExchange } from "./peer-exchange.ts";
import { PolicyExchange } from "./policy-exchange.ts";
import { PolicyFile } from "./policy-file.ts";
import { PolicyService } from "./policy-service.ts";
import { protectionOf } from "./protection.ts";
import { RefusalLog } from "./refusal-log.ts";
import { extenderPosts } from "./scheduler-extender.ts";
import { SlicedWork } from "./sliced-work.ts";
import { Standby } from "./standby.ts";
import type { Standing } from "./standing.ts";
import { transferTimes } from "./transfer-times.ts";

export type AggregatorOptions = OptionValues<typeof aggregatorProgram.options>;

/** What an aggregator is made from. */
export interface AggregatorParts {
  readonly options: AggregatorOptions;
  readonly clock: Clock;
  readonly log: Log;
  /** Gets a cleanup for everything that is started; running it ends the aggregator, also a half-started one. */
  readonly shutdown: Shutdown;
}

/** Where a running aggregator is found. */
export interface RunningAggregator {
  readonly grpcPort: number;
  readonly httpPort: number;
  /** What it has taken in. */
  readonly ingest: Pick<Ingest, "rows">;
  /** Rejects where the broker connection ends for good. */
  readonly failed: Promise<never>;
}

const grpcEndMs = 1_000;
const subscribeWaitMs = 2_000;

/** Starts everything. Throws ExitError where the broker or an address cannot be had. */
export async function startAggregator(parts: AggregatorParts): Promise<RunningAggregator> {
  const { options, clock, log, shutdown } = parts;
  const protection = protectionOf(options, log);
  shutdown.add("access file", () => protection.stop());
  const policyFile = options.policyFile === "" ? undefined : new PolicyFile(options.policyFile);
  seedAddressHash(randomInt(2 ** 32));
  const hosts = new Hosts(tableBounds);
  const table = new PathTable(tableBounds);
  // Who watches paths is told whose their destinations are, and where both ends are; crowds have rows by whose they are, too.
  hosts.whenRenamed((address) => table.touchTo(address));
  hosts.whenMoved((hostId) => table.touchOf(hostId));
  const view: View = {
    table,
    hosts,
    inference: new Inference(hosts, inferenceBounds),
    ledger: new AdviceLedger({ term: 0, ttlMs: options.adviceTtlMs, paths: table, bounds: pushBounds }),
    policy: new PolicyBook(policyFile?.load()),
    failures: new FailureLog(failureBounds),
    sharedFailures: new SharedFailures(sharedFailureBounds),
    fanIns: new FanIns(fanInBounds),
    warnings: () => warnings(),
    ...(options.partition.of === 1 ? {} : { abroad: new Abroad(options.partition, abroadBounds) }),
  };
  const metrics = createMetrics();
  const { link, failed } = await connected(parts);

  const { adviceTtlMs: ttlMs, partition } = options;
  const standby = new Standby({ view, partition, ttlMs, link, metrics, clock });
  const aggregatorId = randomUUID();
  const leadership = new Leadership({
    aggregatorId,
    partition,
    ttlMs,
    link,
    clock,
    isReady: () => standby.notReadyReasons().length === 0 && clockTrouble(view) === undefined,
    chance: Math.random,
    log,
    onLead: (term) => {
      standby.lead(term);
      advisor.tick();
    },
    onStandBy: () => standby.standBy(),
  });
  const advisor: Advisor = new Advisor({
    view,
    link,
    metrics,
    clock,
    log,
    ttlMs,
    leads: () => leadership.leads,
    onPathAbroad: (receiverId, sourceId) => exchange.pathChanged(receiverId, sourceId),
    onFailure: (hostId, destination) => peers.failed(hostId, destination),
    onHostGone: (hostId) => ingest.forgetHost(hostId),
  });
  const exchange = new Exchange({
    view,
    partition,
    link,
    clock,
    needsMax: abroadBounds.needsMax,
    term: () => leadership.term,
    onNeedChanged: (receiverId, sourceId) => advisor.needChanged(receiverId, sourceId),
  });
  const peers = new PeerExchange({
    view,
    partition,
    link,
    clock,
    term: () => leadership.term,
    onFailure: (hostId, destination) => advisor.failedAbroad(hostId, destination),
  });
  const refusals = new RefusalLog(log, clock);
  const onHostTerm = (term: number) => leadership.takeHostTerm(term);
  const ingest = new Ingest({ view, failures: advisor, onHostTerm, metrics, clock, refusals });
  const { sliceMs, longBegunMax, longWaitingMax } = queryBounds;
  const work = new SlicedWork({ sliceMs, begunMax: longBegunMax, waitingMax: longWaitingMax }, clock);
  const calls = new CallRunner(metrics, work);
  const service = new PathService({ view, calls, clock, isKnown: protection.isKnown });
  protection.whenReplaced(() => service.endUnknown());
  const policy = new PolicyService({
    view,
    file: policyFile,
    calls,
    callerOf: protection.callerOf,
    clock,
    log,
    onChanged: () => {
      advisor.policyChanged();
      policyExchange.sayAll();
    },
  });
  const policyExchange = new PolicyExchange({
    aggregatorId,
    partition,
    view,
    file: policyFile,
    link,
    metrics,
    clock,
    log,
    onChanged: () => advisor.policyChanged(),
  });

  let dropped = (): number => 0;
  const warnings = () => [
    ...present(leadership.unled).map(unledText),
    ...present(clockTrouble(view)),
    ...present(view.hosts.roomTrouble(clock.nowMs())),
    ...present(view.hosts.strangerTrouble),
    ...present(dropTrouble(dropped())),
  ];
  const standing = (): Standing => ({
    role: leadership.leads ? "leader" : "standby",
    term: leadership.term,
    leader: leadership.leaderId,
    partition: partitionText(partition),
    warming: !advisor.isWarm,
  });
  const grpc = await startGrpcServer(options.grpcListen, service, policy, protection, standing);
  shutdown.add("grpc server", () => grpc.close(grpcEndMs));
  const views = httpViews({ view, clock, work, isPolicyDurable: policyFile !== undefined });
  const http = await startHttpEndpoint({
    listen: options.httpListen,
    registry: metrics.registry,
    notReadyReasons: () => [
      ...(link.connected ? [] : ["not connected to the broker"]),
      ...(advisor.isWarm ? [] : ["warming: hosts have not had time to report twice"]),
      ...(leadership.leaderId === "" ? [] : standby.notReadyReasons()),
      ...present(clockTrouble(view)),
      ...(isMisconfigured(leadership.unled) ? [unledText(leadership.unled)] : []),
    ],
    standing,
    posts: { ...httpPosts(views), ...extenderPosts(transferTimes(view, clock, metrics), work, metrics) },
    routes: httpRoutes(views),
    mayRead: protection.mayReadHttp,
    tls: protection.httpTls,
    log,
  });
  shutdown.add("http endpoint", () => http.close());

  const subscriptions = ingestKinds.map((kind) => {
    // Whose an address is, is everybody's to know.
    const subjects = subjectsForHostsOf(kind === "host" ? wholeCluster : partition, kind);
    const take: MessageHandler = (subject, payload, leave) => {
      const left = ingest.take(kind, subject, payload);
      if (left !== undefined) leave(left);
    };
    return link.subscribe(subjects, take, ingestBounds[kind]);
  });
  dropped = () => total(subscriptions, (subscription) => subscription.dropped);
  followPeers(link, partition, { leadership, standby, exchange, peers, policyExchange, metrics, refusals });
  addGauges(metrics.registry, {
    paths: () => view.table.size,
    pathsEvicted: () => view.table.evicted,
    hosts: () => view.hosts.size,
    addressConflicts: () => view.hosts.conflicts,
    addressesContested: () => view.hosts.contestedAddresses,
    racks: () => view.hosts.topology.racks,
    zones: () => view.hosts.topology.zones,
    rollups: () => view.inference.rollups.size,
    coordinates: () => view.inference.coordinates.size,
    unseenRefused: () => view.inference.unseen.refused,
    hostTroubles: () => view.hosts.troubles,
    peerDrops: () => ({ ...exchange.dropped, ...peers.dropped, ...view.fanIns.dropped, ...view.abroad?.dropped }),
    adviceEntries: () => view.ledger.entries,
    watchers: () => service.watchers,
    brokerConnected: () => link.connected,
    brokerReconnects: () => link.reconnects,
    messagesPending: () => total(subscriptions, (subscription) => subscription.pending),
    messagesDropped: () => dropped(),
    leads: () => leadership.leads,
    term: () => leadership.term,
    leadershipChanges: () => leadership.changes,
    partitionsUnled: () => leadership.unled?.partitions.length ?? 0,
    hostsIncomplete: () => view.ledger.incompleteHosts.length,
    hostsFenced: () => (view.ledger.term === 0 ? 0 : view.ledger.fencedHosts),
  });
  // Whoever hears that the aggregator has started may speak to it.
  await link.flush(subscribeWaitMs);
  peers.start();
  shutdown.add("peer exchange", () => peers.stop());
  policyExchange.start();
  shutdown.add("policy exchange", () => policyExchange.stop());
  // Another leads from the moment this lease is given up, so that is the last thing said.
  leadership.start();
  shutdown.add("leadership", () => leadership.stop());
  standby.start();
  shutdown.add("standby", () => standby.stop());
  exchange.start();
  shutdown.add("exchange", () => exchange.stop());
  advisor.start();
  shutdown.add("advisor", () => advisor.stop());
  log.info({ grpcPort: grpc.port, httpPort: http.port }, "started");
  return { grpcPort: grpc.port, httpPort: http.port, ingest, failed };
}

interface PeerParts {
  readonly leadership: Leadership;
  readonly standby: Standby;
  readonly exchange: Exchange;
  readonly peers: PeerExchange;
  readonly policyExchange: PolicyExchange;
  readonly metrics: Metrics;
  readonly refusals: RefusalLog;
}

/** Listens to what the other aggregators say: to hosts, and to each other. */
function followPeers(link: NatsLink, partition: Partition, parts: PeerParts): void {
  const { leadership, standby, exchange, peers, policyExchange, metrics, refusals } = parts;
  const follow = (
    kind: string,
    subjects: string,
    take: (...message: Parameters<MessageHandler>) => string | undefined,
  ) =>
    link.subscribe(subjects, (...message) => {
      metrics.messages.inc({ kind });
      const reason = take(...message);
      if (reason === undefined) return;
      metrics.messagesRefused.inc({ kind, reason });
      refusals.refused(kind, reason, undefined);
    });
  follow("lease", subjectForAllPartitions("lease"), (_, payload) => leadership.takeLease(payload));
  follow("sync", subjectForAllPartitions("sync"), (_, payload) => standby.takeRequest(payload));
  follow("policy", subjectForAllPartitions("policy"), (_, payload) => policyExchange.take(payload));
  for (const subjects of subjectsForHostsOf(partition, "advice")) {
    follow("advice", subjects, (subject, payload) => standby.takeUpdate(subject, payload));
  }
  if (partition.of === 1) return;
  follow("peer", subjectForAllPartitions("peer"), (_, payload, leave) => peers.take(payload, leave));
  for (const subjects of subjectsForHostsOf(partition, "receive")) {
    follow("receive", subjects, (...message) => exchange.take(...message));
  }
}

async function connected({ options, log, shutdown }: AggregatorParts) {
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Nobody may be waiting yet when it rejects.
  failed.catch(() => undefined);
  const link = await connectNats({
    url: options.natsUrl,
    name: "augmenter-aggregator",
    connectWaitMs: options.natsWaitMs,
    noEcho: true,
    onDisconnected: () => log.warn("broker disconnected"),
    onReconnected: () => log.info("broker reconnected"),
    onClosed: (error) => fail(new ExitError(exitCodes.brokerUnreachable, brokerEnded(error), { cause: error })),
    onError: (reason) => log.error({ reason }, "broker refused"),
  });
  shutdown.add("broker connection", () => link.close());
  return { link, failed };
}

function brokerEnded(error: Error | undefined): string {
  return `Cannot go on as the broker connection ended: ${error?.message ?? "no reason given"}`;
}

function present<Value>(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : [value];
}

function total(subscriptions: readonly LinkSubscription[], count: (subscription: LinkSubscription) => number): number {
  return subscriptions.reduce((sum, subscription) => sum + count(subscription), 0);
}

function dropTrouble(messages: number): string | undefined {
  if (messages === 0) return undefined;
  return `${messages} messages of hosts were dropped since the start, as they came faster than they are taken in`;
}
