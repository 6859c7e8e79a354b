/** The testbed of the HTTP benchmark: a client with wrk and a server with nginx for each system, on like paths. */
import { join } from "node:path";
import { Cluster } from "../testbed/cluster.ts";
import { onExit } from "../testbed/exit-cleanup.ts";
import { ipCommand } from "../testbed/ip-command.ts";
import type { NetworkPlan } from "../testbed/network-plan.ts";
import { projectRoot } from "../testbed/programs.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import type { TestbedHost } from "../testbed/testbed-host.ts";
import { bufferFloorBytes } from "./fct-cells.ts";
import type { NginxFolder } from "./http-nginx.ts";
import { configureNginx, createNginxFolder, objectUrl } from "./http-nginx.ts";
import type { HttpCell, HttpPath, HttpSystem } from "./http-plan.ts";
import { httpSystems } from "./http-plan.ts";
import type { HttpAdvice } from "./http-results.ts";
import type { WrkRun } from "./http-wrk.ts";
import { parseWrk, wrkArguments } from "./http-wrk.ts";

/** Counters that only grow. */
export interface HttpCounters {
  readonly drops: number;
  readonly windowsGranted: number;
}

const readyWaitMs = 10_000;
/** wrk ends up to a tenth of a second after its time; a minute later something is wrong with it. */
const wrkGraceMs = 60_000;
/** Debian installs nginx where a user's PATH may not reach. */
const environment = { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` };

/** A running testbed. Only the hosts of the advised system have agents, and these grant. */
export class HttpBed {
  readonly #testbed: Testbed;
  readonly #folder: NginxFolder;
  readonly #forget: () => void;
  #cluster: Cluster | undefined;

  private constructor(testbed: Testbed, folder: NginxFolder, forget: () => void) {
    this.#testbed = testbed;
    this.#folder = folder;
    this.#forget = forget;
  }

  /** Builds it, with objects of these sizes, and returns when nginx and the cluster are ready. */
  static async create(path: HttpPath, sizesBytes: readonly number[]): Promise<HttpBed> {
    const folder = createNginxFolder(sizesBytes);
    const forget = onExit(() => folder.remove());
    const hosts = httpSystems.flatMap((system) => [
      { name: clientOf(system), rack: "a", congestion: path.congestion },
      { name: serverOf(system), rack: "b", congestion: path.congestion },
    ]);
    let bed: HttpBed | undefined;
    try {
      const testbed = await createTestbed({ hosts, network: networkOf(path) });
      bed = new HttpBed(testbed, folder, forget);
      for (const system of httpSystems) await bed.#startServer(system, path);
      const agentsOn = [clientOf("advised"), serverOf("advised")];
      bed.#cluster = await Cluster.start(testbed, { apply: true, agentsOn });
      return bed;
    } catch (error) {
      await bed?.close();
      folder.remove();
      forget();
      throw error;
    }
  }

  /** One run of wrk against a system's nginx. */
  async request(system: HttpSystem, cell: HttpCell, seconds: number): Promise<WrkRun> {
    const wrk = this.#client(system).spawn(
      "wrk",
      wrkArguments({
        url: objectUrl(this.#server(system).address, cell.sizeBytes),
        connections: cell.connections,
        seconds,
        scriptPath: join(projectRoot(), "test", "bench", "http-wrk.lua"),
      }),
      { env: environment },
    );
    const timer = setTimeout(() => wrk.kill("SIGKILL"), seconds * 1000 + wrkGraceMs);
    try {
      return parseWrk(await wrk.result(), cell.connections);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Throws where the switch could not keep up, as nothing it forwarded is then valid. */
  async counters(system: HttpSystem): Promise<HttpCounters> {
    const { queues, overLimit } = await this.#testbed.network.stats();
    if (overLimit > 0) throw new Error(`Cannot measure: ${overLimit} packets were too many for the switch`);
    const decisions = system === "advised" ? await this.#cluster?.kernelDecisions(serverOf(system)) : undefined;
    return {
      drops: queues[queueOf(serverOf(system), clientOf(system))]?.bufferDrops ?? 0,
      windowsGranted: decisions?.get("window_granted") ?? 0,
    };
  }

  /** What the cluster advises the advised pair's server now; zeros where it advises nothing. */
  async advice(): Promise<HttpAdvice> {
    const path = await this.#cluster?.path(serverOf("advised"), clientOf("advised"));
    if (path === undefined || path.advice === null) return { windowSegments: 0, rateBytesPerSecond: 0 };
    return { windowSegments: path.advice.windowSegments, rateBytesPerSecond: path.rateBytesPerSecond };
  }

  /** Ends every process and removes all that was made. */
  async close(): Promise<void> {
    await this.#testbed.close();
    this.#folder.remove();
    this.#forget();
  }

  async #startServer(system: HttpSystem, path: HttpPath): Promise<void> {
    const [client, server] = [this.#client(system), this.#server(system)];
    // A namespace's default may only be what the initial namespace allows to everyone, and neither program can ask
    // for another one on its sockets; a route can.
    ipCommand([`route replace ${client.address} dev data0 congctl ${path.congestion}`], server.namespace);
    ipCommand([`route replace ${server.address} dev data0 congctl ${path.congestion}`], client.namespace);
    const nginx = server.spawn("nginx", configureNginx(this.#folder, server.address), { env: environment });
    // It says its version once it listens.
    await nginx.waitForLine(/\[notice\].*nginx\/\d/, readyWaitMs);
  }

  #client(system: HttpSystem): TestbedHost {
    return this.#testbed.host(clientOf(system));
  }

  #server(system: HttpSystem): TestbedHost {
    return this.#testbed.host(serverOf(system));
  }
}

function networkOf({ rttMs, rateMbitPerSecond, bufferBdp }: HttpPath): NetworkPlan {
  const rttUs = rttMs * 1000;
  const bdpBytes = (rateMbitPerSecond * rttUs) / 8;
  const ways = httpSystems.flatMap((system) => [
    { from: clientOf(system), to: serverOf(system), oneWayDelayUs: Math.floor(rttUs / 2) },
    { from: serverOf(system), to: clientOf(system), oneWayDelayUs: Math.ceil(rttUs / 2) },
  ]);
  return {
    queues: ways.map(({ from, to }) => ({
      name: queueOf(from, to),
      rateBitsPerSecond: rateMbitPerSecond * 1e6,
      bufferBytes: Math.max(bufferFloorBytes, Math.round(bufferBdp * bdpBytes)),
    })),
    routes: ways.map((way) => ({ ...way, queue: queueOf(way.from, way.to) })),
  };
}

function queueOf(from: string, to: string): string {
  return `${from}>${to}`;
}

function clientOf(system: HttpSystem): string {
  return `${system}-client`;
}

function serverOf(system: HttpSystem): string {
  return `${system}-server`;
}
