/** The agent's metrics, read from their owners when somebody asks. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { AdviceDesk } from "./advice-desk.ts";
import type { Cycle } from "./cycle.ts";
import type { HostTopology } from "./host-topology.ts";
import type { Datapath } from "./kernel/datapath.ts";
import type { Uplink } from "./uplink.ts";

/** Who knows the numbers. */
export interface MetricSources {
  readonly datapath: Datapath;
  readonly uplink: Uplink;
  readonly desk: AdviceDesk;
  readonly topology: HostTopology;
  readonly cycle: Cycle;
}

/** A registry over the parts of a running agent. */
export function agentRegistry({ datapath, uplink, desk, topology, cycle }: MetricSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const total = (name: string, help: string, value: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  };
  new Counter({
    name: "augmenter_agent_kernel_decisions_total",
    help: "Decisions and errors of the kernel program, by kind",
    labelNames: ["kind"],
    registers,
    collect() {
      this.reset();
      for (const [kind, count] of Object.entries(datapath.counters())) this.inc({ kind }, count);
    },
  });
  new Counter({
    name: "augmenter_agent_advice_refused_total",
    help: "Advice updates and entries refused, by reason",
    labelNames: ["reason"],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of desk.refused) this.inc({ reason }, count);
    },
  });
  total("augmenter_agent_reports_made_total", "Reports made", () => uplink.counts.reportsMade);
  total(
    "augmenter_agent_reports_published_total",
    "Reports handed to the broker connection, resends included",
    () => uplink.counts.reportsPublished,
  );
  total(
    "augmenter_agent_reports_dropped_total",
    "Reports dropped because the resend ring was full",
    () => uplink.counts.reportsDropped,
  );
  total(
    "augmenter_agent_events_dropped_total",
    "Failed-jump events dropped for want of a connection",
    () => uplink.counts.eventsDropped,
  );
  total("augmenter_agent_advice_taken_total", "Advice updates taken", () => desk.updatesTaken);
  total("augmenter_agent_cycle_errors_total", "Report cycles that failed", () => cycle.errors);
  total(
    "augmenter_agent_labels_failures_total",
    "Readings of the labels file that failed, found nothing or lines that are no labels",
    () => topology.failures,
  );
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  gauge("augmenter_agent_reports_held", "Reports that the broker has not confirmed", () => uplink.counts.reportsHeld);
  gauge("augmenter_agent_advice_entries", "Destinations with advice", () => desk.held.entries.size);
  gauge("augmenter_agent_advice_in_force", "1 while advice is in force", () =>
    desk.isInForce(datapath.bootUs()) ? 1 : 0,
  );
  gauge("augmenter_agent_advice_run_out", "1 while advice is held that nobody renewed in time", () =>
    desk.hasRunOut(datapath.bootUs()) ? 1 : 0,
  );
  gauge("augmenter_agent_paths_reported", "Paths in the newest report", () => cycle.pathsReported);
  return registry;
}
