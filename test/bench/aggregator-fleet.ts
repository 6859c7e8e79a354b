/**
 * The messages of a fleet as NATS frames, ready to be written to a broker's socket. Reports are made by the agent's own writer, one for
 * each profile of rows; a host's own are copies with its name, its destinations, its sequence number and its checksum.
 */
import { crc32 } from "node:zlib";
import { hostAnnouncement } from "../../proto/messages.ts";
import { subjectFor } from "../../proto/subjects.ts";
import { rowTraces, writtenRows } from "./aggregator-rows.ts";

export interface FleetSize {
  readonly agents: number;
  readonly pathsPerAgent: number;
}

/** What the reports of some hosts in one round have in common. */
interface Template {
  readonly sealed: Buffer;
  readonly headBytes: number;
  readonly hostIdAt: number;
  readonly sequenceAt: number;
  readonly destinationsAt: number;
}

/** The frames of one round, one behind the other, and where each host's begins and the last one ends. */
interface Round {
  readonly templates: readonly Template[];
  readonly frames: Buffer;
  readonly starts: readonly number[];
}

/** Reports of so many successive intervals, again and again. */
export const rounds = 4;
/** Hosts with the same index modulo this have rows of the same values. */
const profiles = 32;
const traces = 512;
const seed = 20_261;

const epoch = 1_000;
const sealedHeadBytes = 5;

/** Owns the frames of `rounds` rounds. */
export class Fleet {
  readonly size: FleetSize;
  /** Bytes of one host's frame, in the mean. */
  readonly frameBytes: number;
  readonly #rounds: readonly Round[];
  readonly #sequences: Float64Array;

  constructor(size: FleetSize) {
    this.size = size;
    this.#sequences = new Float64Array(size.agents);
    const rows = rowTraces(traces, rounds, seed);
    const templates = Array.from({ length: rounds }, (_, round) =>
      Array.from({ length: Math.min(profiles, size.agents) }, (_, profile) =>
        templateOf(
          Array.from(
            { length: size.pathsPerAgent },
            (_, path) => rows[(profile * 131 + path) % traces]?.[round] ?? fail(),
          ),
        ),
      ),
    );
    this.#rounds = templates.map((ofRound) => this.#roundOf(ofRound));
    this.frameBytes =
      this.#rounds.reduce((bytes, { frames }) => bytes + frames.length, 0) / this.#rounds.length / size.agents;
  }

  get rowsPerRound(): number {
    return this.size.agents * this.size.pathsPerAgent;
  }

  /** Frames that introduce every host, once. */
  announcements(): Buffer {
    return Buffer.concat(
      Array.from({ length: this.size.agents }, (_, host) => {
        const hostId = hostIdOf(host);
        const sealed = hostAnnouncement.seal({
          hostId,
          epoch,
          rack: `rack-${Math.floor(host / 40)}`,
          zone: `zone-${Math.floor(host / 4_000)}`,
          addresses: Buffer.from(addressOf(host)),
          mode: "MODE_APPLY",
          reportIntervalMs: 1_000,
        });
        return Buffer.concat([frameHead(hostId, sealed.length, "host"), sealed, Buffer.from("\r\n")]);
      }),
    );
  }

  /** The next reports of `count` hosts from `first` on, one behind the other; valid until their turn comes `rounds` times again. */
  next(first: number, count: number): Buffer {
    const round = this.#rounds[(this.#sequences[first] ?? 0) % rounds] ?? fail();
    const { templates, frames, starts } = round;
    for (let host = first; host < first + count; host += 1) {
      const sequence = (this.#sequences[host] ?? 0) + 1;
      this.#sequences[host] = sequence;
      const { sealed, headBytes, sequenceAt } = templates[host % templates.length] ?? fail();
      const at = (starts[host] ?? 0) + headBytes;
      frames.writeUInt32LE(sequence, at + sequenceAt);
      frames.writeUInt32LE(crc32(frames.subarray(at + messageStart(sealed), at + sealed.length)), at + 1);
    }
    return frames.subarray(starts[first], starts[first + count]);
  }

  #roundOf(templates: readonly Template[]): Round {
    const { agents, pathsPerAgent } = this.size;
    const starts = [0];
    for (let host = 0; host < agents; host += 1) {
      const { headBytes, sealed } = templates[host % templates.length] ?? fail();
      starts.push((starts[host] ?? 0) + headBytes + sealed.length + 2);
    }
    const frames = Buffer.alloc(starts[agents] ?? 0);
    for (let host = 0; host < agents; host += 1) {
      const { sealed, headBytes, hostIdAt, destinationsAt } = templates[host % templates.length] ?? fail();
      const hostId = hostIdOf(host);
      const at = starts[host] ?? 0;
      frames.set(frameHead(hostId, sealed.length), at);
      frames.set(sealed, at + headBytes);
      frames.write(hostId, at + headBytes + hostIdAt, "latin1");
      for (let path = 0; path < pathsPerAgent; path += 1) {
        frames.set(destinationOf(this.size, host, path), at + headBytes + destinationsAt + 16 * path);
      }
      frames.write("\r\n", at + headBytes + sealed.length, "latin1");
    }
    return { templates, frames, starts };
  }
}

function hostIdOf(host: number): string {
  return `host-${String(host).padStart(6, "0")}`;
}

function addressOf(host: number): Uint8Array {
  return mapped([10, host >> 16, (host >> 8) & 0xff, host & 0xff]);
}

// The others of the fleet, nearest in number first and to both sides, so that each path has its way back; then clients of its own.
function destinationOf({ agents }: FleetSize, host: number, path: number): Uint8Array {
  const distance = (path >> 1) + 1;
  if (2 * distance >= agents)
    return mapped([11 + (path >> 12), host >> 4, ((host & 15) << 4) | ((path >> 8) & 15), path & 0xff]);
  return addressOf((host + (path % 2 === 0 ? distance : agents - distance)) % agents);
}

function mapped(ipv4: readonly number[]): Uint8Array {
  return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...ipv4]);
}

// Subjects name the slot of the host, in one digit or two; what stands between fields may be any number of spaces.
function frameHead(hostId: string, bytes: number, kind: "report" | "host" = "report"): Buffer {
  const longest = subjectFor(kind, hostIdOf(0)).length + 1;
  return Buffer.from(`PUB ${subjectFor(kind, hostId).padEnd(longest)} ${bytes}\r\n`);
}

function templateOf(rows: Parameters<typeof writtenRows>[0]): Template {
  const sequence = 0x7ead_beef;
  const written = writtenRows(rows);
  written.destinations.fill(0xd5);
  const sealed = written.seal({
    hostId: hostIdOf(0),
    epoch,
    sequence,
    endedUnixMs: Date.now(),
    intervalUs: 1_000_000,
    reportsDropped: 0,
  });
  const sequenceBytes = Buffer.alloc(8);
  sequenceBytes.writeBigUInt64LE(BigInt(sequence));
  return {
    sealed,
    headBytes: frameHead(hostIdOf(0), sealed.length).length,
    hostIdAt: placeOf(sealed, Buffer.from(hostIdOf(0))),
    sequenceAt: placeOf(sealed, sequenceBytes),
    destinationsAt: placeOf(sealed, Buffer.alloc(16 * rows.length, 0xd5)),
  };
}

function placeOf(bytes: Buffer, part: Buffer): number {
  const at = bytes.indexOf(part);
  return at < 0 ? fail() : at;
}

// Tag and checksum, tag and length, then the message.
function messageStart(sealed: Buffer): number {
  let at = sealedHeadBytes + 1;
  while (((sealed[at] ?? 0) & 0x80) !== 0) at += 1;
  return at + 1;
}

function fail(): never {
  throw new Error("Cannot make the fleet's reports");
}
