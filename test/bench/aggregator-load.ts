/** The load generator, a process of its own: writes a fleet's reports to brokers, at their pace or as fast as they are taken. */
import type { Socket } from "node:net";
import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Fleet } from "./aggregator-fleet.ts";
import type { LoadCommand, LoadReply } from "./aggregator-messages.ts";
import { bytesInFlightMax, bytesPerWrite } from "./aggregator-messages.ts";

/** How often hosts have their turn at 1 Hz, milliseconds. */
const turnMs = 5;

const sockets = new Map<number, Socket>();
let fleet: Fleet | undefined;
let taken = 0;

process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));
process.on("message", (command: LoadCommand) => {
  if (command.kind === "taken") taken = command.rows;
  else void obey(command).then((reply) => process.send?.(reply));
});

async function obey(command: Exclude<LoadCommand, { kind: "taken" }>): Promise<LoadReply> {
  if (command.kind === "make") {
    fleet = new Fleet(command.size);
    return { kind: "done", rows: 0 };
  }
  if (fleet === undefined) throw new Error("Cannot send before there is a fleet");
  const socket = await connectedTo(command.port);
  if (command.kind === "announce") {
    await written(socket, fleet.announcements());
    return { kind: "done", rows: 0 };
  }
  taken = 0;
  const rows =
    command.kind === "steady"
      ? await sendSteadily(fleet, socket, command.seconds)
      : await sendWithCredit(fleet, socket, command.seconds);
  return { kind: "done", rows };
}

async function connectedTo(port: number): Promise<Socket> {
  const known = sockets.get(port);
  if (known !== undefined) return known;
  const socket = createConnection(port, "127.0.0.1");
  sockets.set(port, socket);
  socket.setNoDelay(true);
  socket.on("data", (data) => {
    if (data.includes("PING\r\n")) socket.write("PONG\r\n");
    if (data.includes("-ERR")) throw new Error(`Cannot go on: the broker says ${data.toString("latin1")}`);
  });
  socket.write('CONNECT {"verbose":false,"pedantic":false,"name":"load"}\r\n');
  return socket;
}

// Every host once a second, each at its own time.
async function sendSteadily(from: Fleet, socket: Socket, seconds: number): Promise<number> {
  const { agents, pathsPerAgent } = from.size;
  const startMs = performance.now();
  let sent = 0;
  while (sent < agents * seconds) {
    const due = Math.min(agents * seconds, Math.floor(((performance.now() - startMs) / 1000) * agents));
    while (sent < due) {
      const first = sent % agents;
      const count = Math.min(due - sent, agents - first);
      await written(socket, from.next(first, count));
      sent += count;
    }
    await sleep(turnMs);
  }
  return sent * pathsPerAgent;
}

async function sendWithCredit(from: Fleet, socket: Socket, seconds: number): Promise<number> {
  const { agents, pathsPerAgent } = from.size;
  const hostsPerWrite = Math.max(1, Math.floor(bytesPerWrite / from.frameBytes));
  const rowsInFlightMax = Math.max(1, Math.floor(bytesInFlightMax / from.frameBytes)) * pathsPerAgent;
  const endsMs = performance.now() + seconds * 1000;
  let sent = 0;
  while (performance.now() < endsMs) {
    if (sent * pathsPerAgent - taken >= rowsInFlightMax) {
      await sleep(1);
      continue;
    }
    const first = sent % agents;
    const count = Math.min(hostsPerWrite, agents - first);
    await written(socket, from.next(first, count));
    sent += count;
  }
  return sent * pathsPerAgent;
}

// Resolves once the kernel has the bytes: only then may their buffer be written again.
function written(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
