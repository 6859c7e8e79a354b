/** Takes in what hosts say. Every message is checked before it changes anything; a refusal is counted, never thrown. */
import type { QueueBounds } from "../common/message-queue.ts";
import { addressBytes } from "../proto/address.ts";
import type { FailedJump__Output } from "../proto/gen/augmenter/v1/FailedJump.ts";
import type { Opened, Payload } from "../proto/messages.ts";
import { adviceAnswer, hostAnnouncement, hostEvent } from "../proto/messages.ts";
import { PathReportReader } from "../proto/path-report-reader.ts";
import type { SubjectKind } from "../proto/subjects.ts";
import { hostIdOf, isHostId, subjectFor } from "../proto/subjects.ts";
import type { Clock } from "./clock.ts";
import { CrowdRows } from "./core/crowd-rows.ts";
import { noteEvictions } from "./core/eviction-troubles.ts";
import { announcementRefusals } from "./core/host-refusals.ts";
import type { HostPaths } from "./core/path-hosts.ts";
import { pathKey } from "./core/path-key.ts";
import { isUnicast, refusalOfReport, rowsOf } from "./core/report-check.ts";
import { ReportRows } from "./core/report-rows.ts";
import type { SequenceState } from "./core/sequence-check.ts";
import { checkSequence } from "./core/sequence-check.ts";
import type { Steps } from "./core/steps.ts";
import { inParts } from "./core/steps.ts";
import type { View } from "./core/view.ts";
import type { Metrics } from "./metrics.ts";
import type { RefusalLog } from "./refusal-log.ts";

/** The kinds of message that hosts send. */
export const ingestKinds = ["report", "event", "host", "answer"] as const satisfies readonly SubjectKind[];
export type IngestKind = (typeof ingestKinds)[number];

/** What may wait of each kind. Nothing of a report outlives its turn; ten thousand hosts' of a second are 145 MB. */
export const ingestBounds: Readonly<Record<IngestKind, Partial<QueueBounds>>> = {
  report: { isLent: true, bytesMax: 16 << 20 },
  event: {},
  host: {},
  answer: {},
};

const failedJumpsPerEventMax = 10_000;
/** Taken in without looking at the time: about a millisecond. */
const failuresPerStep = 32;

/** A path on which a window failed, as a report tells, and the rate that was believed of it. */
interface FailedRow {
  readonly destination: Uint8Array;
  readonly rateBefore: number;
}

/** What a failed first window sets off; the advisor. */
export interface FailureSink {
  /** An event told of it. Returns what came of it, for the metrics. */
  failedJump(hostId: string, destination: Uint8Array, adviceVersion: number): string;
  /** A report told of it, and the estimate is lowered already. */
  lowered(hostId: string, destination: Uint8Array): void;
}

/** What ingest works with. */
export interface IngestParts {
  readonly view: View;
  readonly failures: FailureSink;
  /** Told which term a host follows. Returns what is wrong with it. */
  readonly onHostTerm: (term: number) => string | undefined;
  readonly metrics: Metrics;
  readonly refusals: RefusalLog;
  readonly clock: Clock;
}

/** A host's clock may be ahead of ours by this. */
const clockAheadMaxMs = 24 * 3600_000;

/** Owns the hosts' sequences. */
export class Ingest {
  readonly #parts: IngestParts;
  readonly #reportSequences = new Map<string, SequenceState>();
  /** Hosts that have reported, by the subject of their reports: taking a subject apart costs as much as four rows. */
  readonly #reporters = new Map<string, string>();
  readonly #eventSequences = new Map<string, SequenceState>();
  readonly #report = new PathReportReader();
  readonly #row = new ReportRows();
  readonly #crowds: CrowdRows;
  #rows = 0;
  /** Of the message at hand: windows that failed, and are not taken in yet. */
  #left: Steps<unknown> | undefined;
  #failed: FailedRow[] = [];
  /** Of reports, by host and path: what came of them is not told yet. */
  readonly #untold = new Map<string, FailedRow>();

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#crowds = new CrowdRows(parts.view);
  }

  /** Path rows folded into the view since the start. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Takes in one message of a kind. Never throws. Where many windows have failed, some are left: they are taken in with the steps that are returned,
   * before any other message of the kind.
   */
  take(kind: IngestKind, subject: string, payload: Uint8Array): Steps<unknown> | undefined {
    this.#parts.metrics.messages.inc({ kind });
    this.#left = undefined;
    const known = kind === "report" ? this.#reporters.get(subject) : undefined;
    const hostId = known ?? hostOf(kind, subject);
    const refusal = hostId === undefined ? "bad_subject" : this.#takeFrom(kind, hostId, payload);
    if (refusal !== undefined) this.#refuse(kind, refusal, hostId);
    return this.#left;
  }

  #refuse(kind: IngestKind, refusal: string, hostId: string | undefined): void {
    this.#parts.metrics.messagesRefused.inc({ kind, reason: refusal });
    this.#parts.refusals.refused(kind, refusal, hostId);
    if (hostId !== undefined && isTrouble(kind, refusal)) {
      this.#parts.view.hosts.noteTrouble(hostId, "message_refused", 1, `${kind}_${refusal}`);
    }
  }

  /** Forgets the sequences of a host that is gone, so that it may come back with any. */
  forgetHost(hostId: string): void {
    this.#reportSequences.delete(hostId);
    this.#reporters.delete(subjectFor("report", hostId));
    this.#eventSequences.delete(hostId);
  }

  #takeFrom(kind: IngestKind, hostId: string, payload: Uint8Array): string | undefined {
    switch (kind) {
      case "report": {
        const refusal = this.#takeReport(hostId, payload);
        this.#report.letGo();
        return refusal;
      }
      case "event":
        return opened(hostEvent, payload, (event) => {
          if (event.hostId !== hostId) return "wrong_host";
          if (this.#isFuture(event.epoch)) return "epoch_in_future";
          if (event.failedJumps.length > failedJumpsPerEventMax) return "too_many_failed_jumps";
          const refusal = this.#refusalOfSequence(kind, this.#eventSequences, hostId, event.epoch, event.sequence);
          if (refusal !== undefined) return refusal;
          this.#takeFailures(event.failedJumps, (jump) => this.#failedJump(hostId, jump));
          return undefined;
        });
      case "host":
        return opened(hostAnnouncement, payload, (announcement) => {
          if (this.#isFuture(announcement.epoch)) return "epoch_in_future";
          const before = this.#parts.view.hosts.get(hostId);
          const announced = this.#parts.view.hosts.announce(announcement, hostId, this.#parts.clock.nowMs());
          if (!announced.ok) return announced.refusal;
          // Whoever looks after it follows what it holds; here it only names addresses.
          if (this.#parts.view.abroad?.isAbroad(hostId) === true) return undefined;
          this.#noteEpoch(hostId, before?.epoch ?? 0, announcement.epoch);
          const { adviceTerm, adviceVersion } = announced.host;
          const oddness = this.#parts.onHostTerm(adviceTerm);
          if (oddness !== undefined) this.#parts.view.hosts.noteTrouble(hostId, "term_ahead", 1, oddness);
          this.#parts.view.ledger.announced(hostId, adviceTerm, adviceVersion, this.#parts.clock.nowMs());
          return undefined;
        });
      case "answer":
        return opened(adviceAnswer, payload, (answer) => {
          if (answer.hostId !== hostId) return "wrong_host";
          const refusal = answer.refusal === "ADVICE_REFUSAL_UNSPECIFIED" ? undefined : String(answer.refusal);
          const result = this.#parts.view.ledger.answered(hostId, answer.term, answer.version, refusal);
          this.#parts.metrics.answers.inc({ result: refusal === undefined ? result : reasonText(refusal) });
          if (refusal !== undefined) this.#parts.refusals.refused("advice", reasonText(refusal), hostId);
          for (const entry of answer.refusedEntries) {
            this.#parts.metrics.entriesRefused.inc({ reason: reasonText(String(entry.refusal)) });
          }
          return undefined;
        });
    }
  }

  // An epoch is when an agent started. One far ahead would shut the real agent out until the clocks get there.
  #isFuture(epoch: number): boolean {
    return epoch > (this.#parts.clock.unixMs() + clockAheadMaxMs) * 1000;
  }

  #refusalOfSequence(
    kind: IngestKind,
    sequences: Map<string, SequenceState>,
    hostId: string,
    epoch: number,
    sequence: number,
  ): string | undefined {
    const check = checkSequence(sequences.get(hostId), epoch, sequence);
    if (check.verdict !== "new" || check.state === undefined) return check.verdict;
    // A host that is not taken in leaves nothing behind.
    const isKnown = sequences.has(hostId) || this.#parts.view.hosts.get(hostId) !== undefined;
    if (!isKnown && !this.#heard(hostId, epoch, 0)) return "too_many_hosts";
    sequences.set(hostId, check.state);
    if (check.missing > 0) this.#parts.metrics.messagesMissing.inc({ kind }, check.missing);
    return undefined;
  }

  #heard(hostId: string, epoch: number, clockOffsetMs: number): boolean {
    const epochBefore = this.#parts.view.hosts.get(hostId)?.epoch ?? 0;
    const isTaken = this.#parts.view.hosts.heard(hostId, epoch, clockOffsetMs, this.#parts.clock.nowMs());
    if (isTaken) this.#noteEpoch(hostId, epochBefore, epoch);
    return isTaken;
  }

  #noteEpoch(hostId: string, epochBefore: number, epoch: number): void {
    if (epochBefore !== 0 && epoch > epochBefore) this.#parts.view.ledger.resend(hostId);
  }

  #takeReport(hostId: string, payload: Uint8Array): string | undefined {
    const report = this.#report;
    const refusal =
      report.read(payload) ?? (this.#isFuture(report.epoch) ? "epoch_in_future" : refusalOfReport(report, hostId));
    if (refusal !== undefined) return refusal;
    const { epoch, sequence } = report;
    const isFirst = !this.#reportSequences.has(hostId);
    const verdict = this.#refusalOfSequence("report", this.#reportSequences, hostId, epoch, sequence);
    if (verdict !== undefined) return verdict;
    if (isFirst) this.#reporters.set(subjectFor("report", hostId), hostId);
    const clockOffsetMs = report.endedUnixMs - this.#parts.clock.unixMs();
    if (!this.#heard(hostId, epoch, clockOffsetMs)) return "too_many_hosts";
    const folded = this.#foldRows(hostId, report);
    this.#rows += folded;
    this.#parts.metrics.rows.inc(folded);
    return undefined;
  }

  #foldRows(hostId: string, report: PathReportReader): number {
    const nowMs = this.#parts.clock.nowMs();
    const { table, fanIns } = this.#parts.view;
    const { view, destinationsAt, sequence } = report;
    const row = this.#row;
    const rows = rowsOf(report);
    const parity = sequence % 2 === 0 ? 0 : 1;
    row.take(report, rows);
    const host = table.beginReport(hostId);
    const isAnyCrowd = fanIns.size > 0;
    if (isAnyCrowd) this.#crowds.begin(hostId);
    let hostsTogether = 0;
    let folded = 0;
    for (let index = 0; index < rows; index += 1) {
      const at = destinationsAt + addressBytes * index;
      let slot = table.order.listed(host, parity, index);
      const isListed = table.isAt(slot, host, view, at);
      row.move(index);
      const refusal = isListed || isUnicast(view, at) ? row.refusal() : "destination_not_unicast";
      if (refusal !== undefined) {
        this.#refuseRows(hostId, refusal, 1);
        continue;
      }
      if (!isListed) {
        slot = table.slotFor(host, view, at);
        table.order.list(host, parity, index, slot);
      }
      const rateBefore = table.fold(slot, row, nowMs);
      folded += 1;
      hostsTogether = Math.max(hostsTogether, row.hostsTogether);
      if (isAnyCrowd && row.segmentsSent > 0) this.#crowds.note(slot, row);
      if (row.windowsFailed > 0) this.#noteFailed(view, at, row.windowsFailed, rateBefore);
    }
    noteEvictions(this.#parts.view.hosts, host);
    if (isAnyCrowd) this.#crowds.tell(nowMs);
    // Who receives from many hosts says so itself; what is lost by that, those say who send.
    if (hostsTogether > 0) fanIns.seen(hostId, hostsTogether, nowMs);
    this.#learn(host, report, parity, nowMs);
    if (this.#failed.length > 0) this.#takeFailedRows(hostId);
    return folded;
  }

  #noteFailed(bytes: DataView, at: number, windows: number, rateBefore: number | undefined): void {
    const effect = rateBefore === undefined ? "known" : "lowered";
    this.#parts.metrics.failedJumps.inc({ source: "report", effect }, windows);
    if (rateBefore === undefined) return;
    this.#failed.push({ destination: Uint8Array.from(addressAt(bytes, at)), rateBefore });
  }

  #takeFailedRows(hostId: string): void {
    const failed = this.#failed;
    this.#failed = [];
    for (const row of failed) this.#untold.set(pathKey(hostId, row.destination), row);
    this.#takeFailures(failed, ({ destination }) => this.#tellFailedRow(hostId, destination));
  }

  // Once: an event about the same path, which came in later, may have been in a hurry.
  #tellFailedRow(hostId: string, destination: Uint8Array): void {
    const { view, failures, clock } = this.#parts;
    const key = pathKey(hostId, destination);
    const rateBefore = this.#untold.get(key)?.rateBefore;
    if (rateBefore === undefined) return;
    this.#untold.delete(key);
    view.failures.add(hostId, destination, {
      atMs: clock.nowMs(),
      windowSegments: 0,
      segmentsDelivered: 0,
      segmentsLost: 0,
      effect: "lowered",
      rateBeforeBytesPerSecond: rateBefore,
      rateAfterBytesPerSecond: view.table.peek(hostId, destination)?.rate.rateBytesPerSecond ?? 0,
    });
    failures.lowered(hostId, destination);
  }

  // Usually there are a few, and nothing is left. Each costs as much as some hundred rows.
  #takeFailures<Failure>(failures: readonly Failure[], take: (failure: Failure) => void): void {
    const steps = inParts(failures, failuresPerStep, take);
    if (steps.next(false).done !== true) this.#left = steps;
  }

  #learn(host: HostPaths, report: PathReportReader, parity: 0 | 1, nowMs: number): void {
    const { table, inference } = this.#parts.view;
    for (const index of inference.turnOf(host, parity, rowsOf(report), nowMs)) {
      const slot = table.order.listed(host, parity, index);
      if (!table.isAt(slot, host, report.view, report.destinationsAt + addressBytes * index)) continue;
      const { hostId, destination, estimate } = table.at(slot);
      inference.learn(hostId, destination, estimate, nowMs);
    }
  }

  #failedJump(hostId: string, jump: FailedJump__Output): void {
    const effect = jump.destination.length === addressBytes ? this.#lowered(hostId, jump) : "malformed";
    this.#parts.metrics.failedJumps.inc({ source: "event", effect });
  }

  #lowered(hostId: string, jump: FailedJump__Output): string {
    const { view, failures, clock } = this.#parts;
    const destination = Uint8Array.from(jump.destination);
    // What a report said of the path before may be the same failure.
    if (this.#untold.size > 0) this.#tellFailedRow(hostId, destination);
    const rate = () => view.table.get(hostId, destination)?.estimate.rate.rateBytesPerSecond ?? 0;
    const rateBeforeBytesPerSecond = rate();
    const effect = failures.failedJump(hostId, destination, jump.adviceVersion);
    if (effect !== "unknown_path") {
      view.failures.add(hostId, destination, {
        atMs: clock.nowMs(),
        windowSegments: jump.windowSegments,
        segmentsDelivered: jump.segmentsDelivered,
        segmentsLost: jump.segmentsLost,
        effect,
        rateBeforeBytesPerSecond,
        rateAfterBytesPerSecond: rate(),
      });
    }
    return effect;
  }

  #refuseRows(hostId: string, reason: string, count: number): void {
    this.#parts.metrics.rowsRefused.inc({ reason }, count);
    this.#parts.view.hosts.noteTrouble(hostId, "row_refused", count, reason);
    this.#parts.refusals.refused("row", reason, hostId);
  }
}

function hostOf(kind: IngestKind, subject: string): string | undefined {
  const hostId = hostIdOf(kind, subject);
  return hostId === undefined || !isHostId(hostId) ? undefined : hostId;
}

// Messages come twice where a connection was lost. What is wrong with an announcement that could be read, the hosts count.
function isTrouble(kind: IngestKind, refusal: string): boolean {
  const isRepeated = refusal === "repeated" || refusal === "outdated" || refusal === "old_epoch";
  return !isRepeated && !(kind === "host" && announcementRefusals.some((each) => each === refusal));
}

function opened<In, Out>(
  payload: Payload<In, Out>,
  bytes: Uint8Array,
  take: (message: Out) => string | undefined,
): string | undefined {
  const result: Opened<Out> = payload.open(bytes);
  return result.ok ? take(result.message) : result.refusal;
}

function addressAt(bytes: DataView, at: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + at, addressBytes);
}

// An enum value that this version does not know arrives as a number.
function reasonText(refusal: string): string {
  return /^ADVICE_REFUSAL_[A-Z_]+$/.test(refusal) ? refusal.replace("ADVICE_REFUSAL_", "").toLowerCase() : "unknown";
}
