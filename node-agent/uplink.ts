/** What this host says: reports with sequence numbers and a resend ring, announcements, events, answers. */
import type { NatsLink } from "../common/nats-link.ts";
import type { AdviceAnswer } from "../proto/gen/augmenter/v1/AdviceAnswer.ts";
import type { FailedJump } from "../proto/gen/augmenter/v1/FailedJump.ts";
import type { HostAnnouncement } from "../proto/gen/augmenter/v1/HostAnnouncement.ts";
import { adviceAnswer, hostAnnouncement, hostEvent } from "../proto/messages.ts";
import type { PathReportWriter } from "../proto/path-report-writer.ts";
import { subjectFor } from "../proto/subjects.ts";
import type { ResendRing } from "./core/resend-ring.ts";
import {
  emptyRing,
  ringAfterConfirm,
  ringAfterDisconnect,
  ringAfterPublish,
  ringDue,
  ringWith,
} from "./core/resend-ring.ts";
import { YoungGarbage } from "./young-garbage.ts";

/** A minute of reports at the default interval, and a bound on memory whatever their size. */
const ringLimits = { reports: 64, bytes: 16 << 20 };
/** A backlog goes out at twice the steady rate at most, so that a broker that returns is not flooded. */
const publishPerReport = 2;
const sparesMax = 8;

/** What became of reports and events since the start. */
export interface UplinkCounts {
  readonly reportsMade: number;
  readonly reportsPublished: number;
  readonly reportsDropped: number;
  readonly reportsHeld: number;
  readonly eventsPublished: number;
  readonly eventsDropped: number;
}

/** Numbers, keeps and publishes what this host has to say. */
export class Uplink {
  readonly #hostId: string;
  readonly #epoch: number;
  #link: NatsLink | undefined;
  #ring: ResendRing = emptyRing;
  /** Memory of reports that the broker has, for the next ones: collecting it would be left to a collector that has little else to do. */
  #spares: Buffer[] = [];
  readonly #garbage = new YoungGarbage();
  #reportSequence = 0;
  #eventSequence = 0;
  #published = 0;
  #eventsPublished = 0;
  #eventsDropped = 0;

  /** `epoch` is the start of the agent, microseconds since the Unix epoch. */
  constructor(hostId: string, epoch: number) {
    this.#hostId = hostId;
    this.#epoch = epoch;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get counts(): UplinkCounts {
    return {
      reportsMade: this.#reportSequence,
      reportsPublished: this.#published,
      reportsDropped: this.#ring.dropped,
      reportsHeld: this.#ring.held.length,
      eventsPublished: this.#eventsPublished,
      eventsDropped: this.#eventsDropped,
    };
  }

  /** From now on messages go to this connection. */
  use(link: NatsLink): void {
    this.#link = link;
  }

  /** The connection was lost: reports that the broker did not confirm will go out again. */
  disconnected(): void {
    this.#ring = ringAfterDisconnect(this.#ring);
  }

  /** Adds a report; it goes out with publishReports(). */
  addReport(rows: PathReportWriter, endedUnixMs: number, intervalUs: number): void {
    this.#reportSequence += 1;
    const frame = {
      hostId: this.#hostId,
      epoch: this.#epoch,
      sequence: this.#reportSequence,
      endedUnixMs,
      intervalUs,
      reportsDropped: this.#ring.dropped,
    };
    const payload = rows.seal(frame, this.#spares.pop());
    this.#ring = ringWith(this.#ring, this.#reportSequence, payload, ringLimits);
  }

  /** Publishes what is due after `added` new reports, and waits for the broker to confirm it, up to `waitMs`. */
  async publishReports(added: number, waitMs: number): Promise<void> {
    const link = this.#link;
    if (link === undefined || !link.connected) return;
    const sent = new Set<number>();
    let sentBytes = 0;
    for (const report of ringDue(this.#ring, added * publishPerReport)) {
      if (!link.publish(subjectFor("report", this.#hostId), report.payload)) break;
      sent.add(report.sequence);
      sentBytes += report.payload.length;
    }
    this.#published += sent.size;
    this.#ring = ringAfterPublish(this.#ring, sent);
    const last = Math.max(0, ...this.#ring.held.filter((report) => report.published).map((report) => report.sequence));
    if (last > 0 && (await link.flush(waitMs))) this.#confirm(last);
    // The copies that the connection made for its socket.
    this.#garbage.add(sentBytes);
  }

  /** Says who this host is. */
  announce(announcement: Omit<HostAnnouncement, "hostId" | "epoch">): void {
    const payload = hostAnnouncement.seal({ ...announcement, hostId: this.#hostId, epoch: this.#epoch });
    this.#link?.publish(subjectFor("host", this.#hostId), payload);
  }

  /** Tells of failed jumps. They are of the moment: without a connection they are counted and dropped, the next report has their number. */
  publishFailedJumps(failedJumps: FailedJump[]): void {
    this.#eventSequence += 1;
    const payload = hostEvent.seal({
      hostId: this.#hostId,
      epoch: this.#epoch,
      sequence: this.#eventSequence,
      failedJumps,
    });
    if (this.#link?.publish(subjectFor("event", this.#hostId), payload) === true) this.#eventsPublished += 1;
    else this.#eventsDropped += 1;
  }

  /** Answers an advice update. */
  answer(answer: Omit<AdviceAnswer, "hostId" | "epoch">): void {
    const payload = adviceAnswer.seal({ ...answer, hostId: this.#hostId, epoch: this.#epoch });
    this.#link?.publish(subjectFor("answer", this.#hostId), payload);
  }

  // What was flushed is copied into the socket, and nobody else's any more.
  #confirm(sequence: number): void {
    const before = this.#ring.held;
    this.#ring = ringAfterConfirm(this.#ring, sequence);
    const held = new Set(this.#ring.held);
    const released = before.filter((report) => !held.has(report)).map(({ payload }) => Buffer.from(payload.buffer));
    this.#spares = [...this.#spares, ...released].slice(0, sparesMax);
  }
}
