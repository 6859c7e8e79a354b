/** What the report at hand tells of sending to receivers that many send to: one row for each of them, whatever number of its addresses was sent to. */
import type { FanInRow } from "./fan-in.ts";
import { crowdClaimantsMax, fanInRowOf, fanInRowSum } from "./fan-in-row.ts";
import type { FanIns } from "./fan-ins.ts";
import type { Hosts } from "./hosts.ts";
import type { PathTable } from "./path-table.ts";
import type { PathReportRow } from "./report-check.ts";

/** What rows are looked at with. */
export interface CrowdParts {
  readonly table: Pick<PathTable, "marks" | "destinationOf">;
  readonly hosts: Pick<Hosts, "isOwnAddress" | "claimantsOf">;
  readonly fanIns: Pick<FanIns, "has" | "sent">;
}

/** A host, and what the report at hand tells of sending to it; undefined: nothing so far. */
interface Receiver {
  readonly hostId: string;
  row: FanInRow | undefined;
}

const nobody: readonly Receiver[] = [];
const marksMax = 2 ** 31;
/** Different receivers, and sets of them, that are remembered: more than there are hosts. Beyond it all are looked up anew. */
const receiversKept = 65_536;

/**
 * Whose the destination of a path is, is looked up by text once, and kept by its slot until the table is told that the address is another
 * host's: each row to any host asks while there is a crowd anywhere.
 */
export class CrowdRows {
  readonly #parts: CrowdParts;
  /** By number; a path is marked with `#base` more. Lower marks are of before. */
  #receivers: (readonly Receiver[])[] = [nobody];
  readonly #numbers = new Map<string, number>([["", 0]]);
  readonly #byId = new Map<string, Receiver>();
  #base = 1;
  #sourceId = "";
  readonly #receiversKept: number;
  readonly #told: Receiver[] = [];

  constructor(parts: CrowdParts, kept = receiversKept) {
    this.#parts = parts;
    this.#receiversKept = kept;
  }

  /** Begins a report of a host. */
  begin(sourceId: string): void {
    this.#sourceId = sourceId;
    if (this.#receivers.length > this.#receiversKept) this.#forgetAll();
  }

  /** Takes in the row of the host's path in a slot, which sent something. */
  note(slot: number, row: PathReportRow): void {
    const receivers = this.#receiversOf(slot);
    let told: FanInRow | undefined;
    // Of an address that several claim all of them learn: whoever is left with it has the crowd.
    for (const receiver of receivers) {
      if (!this.#parts.fanIns.has(receiver.hostId)) continue;
      told ??= fanInRowOf(row);
      if (receiver.row === undefined) this.#told.push(receiver);
      receiver.row = receiver.row === undefined ? told : fanInRowSum(receiver.row, told);
    }
  }

  /** Ends the report: tells the receivers what its host has sent to them. */
  tell(nowMs: number): void {
    for (const receiver of this.#told) {
      if (receiver.row !== undefined) this.#parts.fanIns.sent(receiver.hostId, this.#sourceId, receiver.row, nowMs);
      receiver.row = undefined;
    }
    this.#told.length = 0;
  }

  #receiversOf(slot: number): readonly Receiver[] {
    const { marks } = this.#parts.table;
    const number = (marks[slot] ?? 0) - this.#base;
    if (number >= 0) return this.#receivers[number] ?? nobody;
    const found = this.#numberOf(this.#claimantsOf(slot));
    marks[slot] = this.#base + found;
    return this.#receivers[found] ?? nobody;
  }

  #claimantsOf(slot: number): readonly string[] {
    const { table, hosts } = this.#parts;
    const destination = table.destinationOf(slot);
    if (hosts.isOwnAddress(this.#sourceId, destination)) return [];
    const claimants = hosts.claimantsOf(destination);
    return claimants.length > crowdClaimantsMax ? [] : claimants;
  }

  // Ids have no spaces.
  #numberOf(hostIds: readonly string[]): number {
    const key = hostIds.join(" ");
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#receivers.length;
    this.#numbers.set(key, number);
    this.#receivers.push(hostIds.map((hostId) => this.#receiverOf(hostId)));
    return number;
  }

  #receiverOf(hostId: string): Receiver {
    const known = this.#byId.get(hostId);
    if (known !== undefined) return known;
    const receiver: Receiver = { hostId, row: undefined };
    this.#byId.set(hostId, receiver);
    return receiver;
  }

  #forgetAll(): void {
    this.#base += this.#receivers.length;
    if (this.#base > marksMax) {
      this.#parts.table.marks.fill(0);
      this.#base = 1;
    }
    this.#receivers = [nobody];
    this.#numbers.clear();
    this.#numbers.set("", 0);
    this.#byId.clear();
  }
}
