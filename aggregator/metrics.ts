/** The aggregator's metrics. No label ever holds a host or an address. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { TroubleCounts } from "./core/host-troubles.ts";

export type Metrics = ReturnType<typeof createMetrics>;

/** What the gauges read when they are asked. */
export interface GaugeSources {
  readonly paths: () => number;
  readonly pathsEvicted: () => number;
  readonly hosts: () => number;
  readonly addressConflicts: () => number;
  readonly addressesContested: () => number;
  readonly racks: () => number;
  readonly zones: () => number;
  readonly rollups: () => number;
  readonly coordinates: () => number;
  readonly unseenRefused: () => number;
  readonly hostTroubles: () => TroubleCounts;
  readonly peerDrops: () => Readonly<Record<string, number>>;
  readonly adviceEntries: () => number;
  readonly watchers: () => number;
  readonly brokerConnected: () => boolean;
  readonly brokerReconnects: () => number;
  readonly messagesPending: () => number;
  readonly messagesDropped: () => number;
  readonly leads: () => boolean;
  readonly term: () => number;
  readonly leadershipChanges: () => number;
  readonly partitionsUnled: () => number;
  readonly hostsIncomplete: () => number;
  readonly hostsFenced: () => number;
}

const prefix = "augmenter_aggregator_";

/** The counters, on a registry of their own. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter<Label>({ name: `${prefix}${name}`, help, labelNames: [...labelNames], registers });
  return {
    registry,
    messages: counter("messages_total", "Messages received, by kind.", ["kind"]),
    messagesRefused: counter("messages_refused_total", "Messages refused, by kind and reason.", ["kind", "reason"]),
    messagesMissing: counter("messages_missing_total", "Holes in the hosts' sequences, by kind.", ["kind"]),
    rows: counter("rows_total", "Path rows folded into the view."),
    rowsRefused: counter("rows_refused_total", "Path rows refused, by reason.", ["reason"]),
    failedJumps: counter("failed_jumps_total", "First windows that failed, by where it was told and what it did.", [
      "source",
      "effect",
    ]),
    updates: counter("updates_total", "Advice updates published, by kind.", ["kind"]),
    entries: counter("advice_entries_published_total", "Advice entries and withdrawals published."),
    publishFailures: counter("publish_failures_total", "Publishes or flushes that did not reach the broker."),
    answers: counter("answers_total", "Answers of hosts to advice, by result.", ["result"]),
    entriesRefused: counter("advice_entries_refused_total", "Advice entries refused by hosts, by reason.", ["reason"]),
    calls: counter("grpc_calls_total", "gRPC calls, by method and status code.", ["method", "code"]),
    extenderAbroad: counter(
      "extender_abroad_total",
      "Transfers that schedulers asked about and another partition measures: here inferred or predicted at most.",
    ),
    estimatesAdopted: counter(
      "estimates_adopted_total",
      "Estimates replaced by what the aggregator that leads must believe, as its advice shows.",
    ),
    policiesTaken: counter("policies_taken_total", "Policies taken over from other aggregators."),
    policyChangesOverruled: counter(
      "policy_changes_overruled_total",
      "Changes of the policy that do not hold, as a later one of the same scope was made at another aggregator.",
    ),
    policyTroubles: counter("policy_troubles_total", "What kept a policy from being told or recorded, by kind.", [
      "trouble",
    ]),
    tickSeconds: new Histogram({
      name: `${prefix}tick_seconds`,
      help: "From the beginning of a tick, which computes and publishes advice, to its end, messages between its steps included.",
      buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
      registers,
    }),
  };
}

/** Adds the gauges, and the process's own metrics. */
export function addGauges(registry: Registry, sources: GaugeSources): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `${prefix}${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge("paths", "Paths in the view.", sources.paths);
  gauge("paths_evicted", "Paths that made room for others, since the start.", sources.pathsEvicted);
  gauge("hosts", "Hosts heard of lately.", sources.hosts);
  gauge(
    "address_conflicts",
    "Claims of addresses that another live host had, since the start.",
    sources.addressConflicts,
  );
  gauge("addresses_contested", "Addresses that several live hosts claim, and so nobody's.", sources.addressesContested);
  gauge("racks", "Racks that have a number.", sources.racks);
  gauge("zones", "Zones that have a number.", sources.zones);
  gauge("rollups", "Pairs of racks and of zones of which something is known.", sources.rollups);
  gauge("coordinates", "Hosts with a network coordinate.", sources.coordinates);
  gauge("unseen_refused", "Destinations in use that found no place among those advised unseen.", sources.unseenRefused);
  new Counter({
    name: `${prefix}host_troubles_total`,
    help: "What was wrong with what hosts said, by kind; the hosts view tells which host.",
    labelNames: ["kind"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [kind, count] of Object.entries(sources.hostTroubles())) this.inc({ kind }, count);
    },
  });
  new Counter({
    name: `${prefix}peer_drops_total`,
    help: "What partitions should tell each other or keep of each other and did not, and receivers of crowds that found no room, by reason.",
    labelNames: ["reason"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(sources.peerDrops())) this.inc({ reason }, count);
    },
  });
  gauge("advice_entries", "Advice in force, over all hosts.", sources.adviceEntries);
  gauge("watchers", "Open WatchPaths calls.", sources.watchers);
  gauge("broker_connected", "1 where NATS is connected.", () => (sources.brokerConnected() ? 1 : 0));
  gauge("broker_reconnects", "Connections to NATS that were lost and made again.", sources.brokerReconnects);
  gauge("messages_pending", "Received messages that wait to be taken in.", sources.messagesPending);
  gauge("messages_dropped", "Received messages dropped because too many waited.", sources.messagesDropped);
  gauge("leads", "1 where this aggregator leads, and its advice is what hosts are sent.", () =>
    sources.leads() ? 1 : 0,
  );
  gauge("term", "Fencing term in which this aggregator leads; 0: it stands by.", sources.term);
  gauge("leadership_changes", "Times this aggregator began to lead or ceased to.", sources.leadershipChanges);
  gauge("partitions_unled", "Partitions of hosts that no aggregator leads, own or not.", sources.partitionsUnled);
  gauge(
    "hosts_incomplete",
    "Hosts of which it is not known what they hold, while another leads.",
    sources.hostsIncomplete,
  );
  gauge("hosts_fenced", "Hosts that follow a higher term than this aggregator leads in.", sources.hostsFenced);
  collectDefaultMetrics({ register: registry });
}
