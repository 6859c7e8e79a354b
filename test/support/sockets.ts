/** Connections that stand still, and what `ss` says of them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningProcess } from "../testbed/running-process.ts";
import type { TestbedHost } from "../testbed/testbed-host.ts";

/** What `ss -tinm` tells of one connection. */
export interface SocketInfo {
  readonly cwnd: number;
  /** The cap of SO_MAX_PACING_RATE, bits a second; undefined where there is none. */
  readonly maxPacingBitsPerSecond: number | undefined;
  readonly receiveBufferBytes: number;
  /** Retransmission timeout. */
  readonly rtoMs: number;
}

const listener =
  'require("net").createServer(s=>s.on("error",()=>0)).listen(+process.argv[1],process.argv[2],()=>console.log("listening"))';
// What is called at the same moment must leave within 8 ms: a process that has not connected to anything yet may take longer.
const caller =
  'const{connect}=require("net"),[,port,address,...beside]=process.argv,call=()=>{for(const other of beside)connect(+port,other).on("error",()=>0);connect(+port,address,()=>console.log("connected")).on("error",()=>process.exit(1))};beside.length?connect(1,"127.0.0.1").on("error",()=>setTimeout(call,100)):call()';
const waitMs = 10_000;

/**
 * A connection over which nothing is sent: its windows are as they were when it was opened. The addresses `beside` are called at the same
 * moment.
 */
export async function idleConnection(
  client: TestbedHost,
  server: TestbedHost,
  port: number,
  address: string = server.address,
  beside: readonly string[] = [],
): Promise<{ stop(): Promise<void> }> {
  const accepting = server.spawn(process.execPath, ["-e", listener, String(port), address]);
  await accepting.waitForLine(/listening/, waitMs);
  const calling = client.spawn(process.execPath, ["-e", caller, String(port), address, ...beside]);
  await calling.waitForLine(/connected/, waitMs);
  // The last packet of the handshake is on its way to the server.
  await socketOn(server, port);
  return { stop: () => stopAll([calling, accepting]) };
}

/** The established connection of a host with this port at either end. Throws where there is none in time. */
export async function socketOn(host: TestbedHost, port: number): Promise<SocketInfo> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const filter = ["state", "established", `( sport = :${port} or dport = :${port} )`];
    const output = await host.run("ss", ["-tinmH", ...filter], { inCgroup: false });
    if (output.includes("cwnd:")) return parseSocket(output);
    await sleep(20);
  }
  throw new Error(`Cannot find a connection with port ${port} on ${host.name}`);
}

function parseSocket(output: string): SocketInfo {
  const pacing = /pacing_rate \d+bps\/(\d+)bps/.exec(output)?.[1];
  return {
    cwnd: Number(/\bcwnd:(\d+)/.exec(output)?.[1]),
    maxPacingBitsPerSecond: pacing === undefined ? undefined : Number(pacing),
    receiveBufferBytes: Number(/\brb(\d+)/.exec(output)?.[1]),
    rtoMs: Number(/\brto:([\d.]+)/.exec(output)?.[1]),
  };
}

async function stopAll(processes: readonly RunningProcess[]): Promise<void> {
  await Promise.all(processes.map((process) => process.stop()));
}
