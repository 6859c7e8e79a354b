import type { HostAddresses } from "./address-plan.ts";
import type { NetworkPlan, QueuePlan, RoutePlan } from "./network-plan.ts";
import { programPath } from "./programs.ts";
import { RunningProcess } from "./running-process.ts";

/** Counters of one queue since the start or the last reset; the depth as it is now. */
export interface QueueStats {
  readonly rateBitsPerSecond: number;
  readonly bufferBytes: number;
  readonly forwardedPackets: number;
  readonly forwardedBytes: number;
  /** Packets that found the buffer full. */
  readonly bufferDrops: number;
  /** Packets lost on purpose. */
  readonly randomDrops: number;
  readonly crossPackets: number;
  readonly crossDrops: number;
  readonly depthBytes: number;
  readonly maxDepthBytes: number;
}

export interface SwitchStats {
  /** Whether the switch has realtime priority. Without it a busy machine shows in latenessUs. */
  readonly realtime: boolean;
  /** CPU time since its start; the receivers' TCP input is in it, as it runs inside the delivery. */
  readonly cpuUs: number;
  readonly delivered: number;
  /** Packets to nobody: no route, or multicast. */
  readonly unrouted: number;
  /** Packets dropped as too many were in flight in the whole switch. A run with any is not valid. */
  readonly overLimit: number;
  /** Packets the receiving device refused. */
  readonly undeliverable: number;
  readonly inFlight: number;
  readonly maxInFlight: number;
  /** How much later than the model says packets were delivered. */
  readonly latenessUs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly queues: Readonly<Record<string, QueueStats>>;
}

/** The running switch between the hosts of a testbed. Changes take effect with the next packet. */
export class SwitchNetwork {
  readonly #process: RunningProcess;
  readonly #queues = new Map<string, QueuePlan>();
  readonly #routes = new Map<string, RoutePlan>();
  /** One for each command under way, in order: the switch answers each with one line. */
  readonly #waiting: ((line: string | null) => void)[] = [];

  constructor() {
    // The first line, "ready", answers no command and finds nobody waiting.
    this.#process = new RunningProcess(programPath("switch"), [], {
      name: "switch",
      onLine: (line) => line.includes('"ready"') || this.#waiting.shift()?.(line),
    });
    void this.#process.exited.then(() => {
      for (const end of this.#waiting.splice(0)) {
        end(null);
      }
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Opens the data0 device of a namespace; it then needs its addresses. */
  async addHost(name: string, namespace: string, addresses: HostAddresses): Promise<void> {
    await this.#command(`host ${name} ${namespace} ${addresses.address} ${addresses.address6}`);
  }

  async apply(plan: NetworkPlan): Promise<void> {
    await Promise.all(plan.queues.map((queue) => this.#putQueue(queue)));
    await Promise.all(plan.routes.map((route) => this.#putRoute(route)));
  }

  /** Changes a queue's rate or buffer; a packet already being sent finishes at the new rate. */
  async setQueue(name: string, change: Partial<Omit<QueuePlan, "name">>): Promise<void> {
    const queue = this.#queues.get(name);
    if (queue === undefined) {
      throw new Error(`Cannot set queue: no such queue "${name}"`);
    }
    await this.#putQueue({ ...queue, ...change });
  }

  /** Changes one direction of a pair: another queue, delay or loss. Loss of 1,000,000 ppm cuts it. */
  async setRoute(from: string, to: string, change: Partial<Omit<RoutePlan, "from" | "to">>): Promise<void> {
    const route = this.#routes.get(`${from} ${to}`);
    if (route === undefined) {
      throw new Error(`Cannot set route: no route from "${from}" to "${to}"`);
    }
    await this.#putRoute({ ...route, ...change });
  }

  /** Puts 1500-byte packets to nobody into a queue at this rate, until set to 0. */
  async crossTraffic(queue: string, rateBitsPerSecond: number): Promise<void> {
    await this.#command(`cross ${queue} ${Math.round(rateBitsPerSecond)}`);
  }

  async stats(): Promise<SwitchStats> {
    return (await this.#command("stats")) as unknown as SwitchStats;
  }

  /** Sets all counters to zero. */
  async resetStats(): Promise<void> {
    await this.#command("reset");
  }

  async stop(): Promise<void> {
    this.#process.write("quit\n");
    await this.#process.stop();
  }

  /** For an exit in progress. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  async #putQueue(queue: QueuePlan): Promise<void> {
    await this.#command(`queue ${queue.name} ${Math.round(queue.rateBitsPerSecond)} ${Math.round(queue.bufferBytes)}`);
    this.#queues.set(queue.name, queue);
  }

  async #putRoute(route: RoutePlan): Promise<void> {
    const { from, to, queue, oneWayDelayUs, lossPpm = 0 } = route;
    await this.#command(`route ${from} ${to} ${queue} ${Math.round(oneWayDelayUs)} ${Math.round(lossPpm)}`);
    this.#routes.set(`${from} ${to}`, route);
  }

  async #command(text: string): Promise<Readonly<Record<string, unknown>>> {
    if (this.#process.exit !== null) {
      throw new Error(`Cannot run "${text}": the switch has ended: ${this.#process.stderr}`);
    }
    const line = await new Promise<string | null>((resolve) => {
      this.#waiting.push(resolve);
      this.#process.write(`${text}\n`);
    });
    const answer = line === null ? { error: "the switch has ended" } : JSON.parse(line);
    if (typeof answer.error === "string") {
      throw new Error(`Cannot run "${text}": ${answer.error}`);
    }
    return answer;
  }
}
