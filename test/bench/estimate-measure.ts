/** Asks the aggregator how long a transfer will take, then makes it. */
import type { PathEstimate__Output } from "../../proto/gen/augmenter/v1/PathEstimate.ts";
import type { RankDestinationsResponse__Output } from "../../proto/gen/augmenter/v1/RankDestinationsResponse.ts";
import type { TransferEstimate__Output } from "../../proto/gen/augmenter/v1/TransferEstimate.ts";
import { Cluster } from "../testbed/cluster.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import type { EstimateCell, EstimatePlan } from "./estimate-plan.ts";
import { estimateNetwork, sourceName } from "./estimate-plan.ts";

/** Whether the hosts grant windows. */
export type Phase = "default" | "advised";

/** One round: what was said before it and what came of it. */
export interface EstimatedRound extends EstimateCell {
  readonly phase: Phase;
  readonly estimate: TransferEstimate__Output;
  /** The place that was said to be first. */
  readonly ranked: string;
  /** Of each transfer. */
  readonly us: readonly number[];
  readonly path: PathEstimate__Output;
}

const gapMs = 20;

/** A testbed and the real programs on it. */
export class EstimateBed {
  readonly #testbed: Testbed;
  readonly #cluster: Cluster;
  readonly #plan: EstimatePlan;

  private constructor(testbed: Testbed, cluster: Cluster, plan: EstimatePlan) {
    this.#plan = plan;
    this.#testbed = testbed;
    this.#cluster = cluster;
  }

  /** Builds it for one phase, and lets it learn. */
  static async create(phase: Phase, plan: EstimatePlan): Promise<EstimateBed> {
    const hosts = [sourceName, ...plan.places.map(({ name }) => name)].map((name) => ({ name, rack: name }));
    const testbed = await createTestbed({ hosts, network: estimateNetwork(plan) });
    try {
      await testbed.host(sourceName).serve();
      const bed = new EstimateBed(testbed, await Cluster.start(testbed, { apply: phase === "advised" }), plan);
      await bed.#learn();
      return bed;
    } catch (error) {
      await testbed.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#testbed.close();
  }

  /** Asks, transfers, and puts both together. Throws where the path is not known or a transfer fails. */
  async round(phase: Phase, cell: EstimateCell): Promise<EstimatedRound> {
    const what = { source: this.#source, bytes: cell.bytes, concurrent: cell.concurrent };
    const destination = this.#address(cell.place);
    const estimate = await this.#ask<TransferEstimate__Output>("estimate", { ...what, destination });
    const ranking = await this.#ask<RankDestinationsResponse__Output>("rank", {
      ...what,
      candidates: this.#plan.places.map(({ name }) => this.#address(name)).join(","),
    });
    const path = await this.#ask<PathEstimate__Output>("path", { source: this.#source, destination });
    const first = ranking.destinations[0]?.candidate;
    const { us, errors } = await this.#testbed.host(cell.place).transfer({
      to: this.#testbed.host(sourceName),
      bytes: cell.bytes,
      atOnce: cell.concurrent,
      rounds: 1,
    });
    if (errors.length > 0) throw new Error(`Cannot measure a transfer to ${cell.place}: ${errors[0]}`);
    await new Promise((resolve) => setTimeout(resolve, gapMs));
    const ranked = this.#plan.places.find(({ name }) => this.#address(name) === first)?.name ?? "";
    return { ...cell, phase, estimate, ranked, us, path };
  }

  get #source(): string {
    return this.#cluster.hostId(sourceName);
  }

  async #learn(): Promise<void> {
    const { places, learning } = this.#plan;
    const to = this.#testbed.host(sourceName);
    const streams = places.map(({ name }) => this.#testbed.host(name).stream({ to, ...learning, seconds: 60 }));
    await new Promise((resolve) => setTimeout(resolve, learning.seconds * 1000));
    await Promise.all(streams.map((stream) => stream.stop()));
  }

  async #ask<Answer>(question: string, parameters: Readonly<Record<string, string | number>>): Promise<Answer> {
    const query = new URLSearchParams(
      Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const { status, body } = await this.#cluster.fetchFromAggregator(`/v1/${question}?${query}`);
    if (status !== 200) throw new Error(`Cannot ask ${question}: ${status} ${body}`);
    return JSON.parse(body) as Answer;
  }

  #address(place: string): string {
    return this.#testbed.host(place).address;
  }
}
