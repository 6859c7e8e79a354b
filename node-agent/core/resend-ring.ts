/** Reports that the broker may not have yet: bounded, oldest dropped and counted. */

/** One sealed report and whether it was handed to the connection. */
export interface HeldReport {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly published: boolean;
}

/** The held reports, oldest first. */
export interface ResendRing {
  readonly held: readonly HeldReport[];
  readonly bytes: number;
  /** Reports dropped unsent because the ring was full. */
  readonly dropped: number;
}

/** What a ring holds at most. */
export interface RingLimits {
  readonly reports: number;
  readonly bytes: number;
}

/** A ring that holds nothing yet. */
export const emptyRing: ResendRing = { held: [], bytes: 0, dropped: 0 };

/** The ring with a new report; the oldest are dropped until it fits. */
export function ringWith(ring: ResendRing, sequence: number, payload: Uint8Array, limits: RingLimits): ResendRing {
  const held = [...ring.held, { sequence, payload, published: false }];
  let bytes = ring.bytes + payload.length;
  let first = 0;
  while (held.length - first > limits.reports || (bytes > limits.bytes && first < held.length)) {
    bytes -= held[first]?.payload.length ?? 0;
    first += 1;
  }
  return { held: held.slice(first), bytes, dropped: ring.dropped + first };
}

/** The next reports to publish, oldest first, at most `count`. */
export function ringDue(ring: ResendRing, count: number): readonly HeldReport[] {
  return ring.held.filter((report) => !report.published).slice(0, count);
}

/** The ring after these reports were handed to the connection: they stay until the broker is known to have them. */
export function ringAfterPublish(ring: ResendRing, sequences: ReadonlySet<number>): ResendRing {
  return {
    ...ring,
    held: ring.held.map((report) => (sequences.has(report.sequence) ? { ...report, published: true } : report)),
  };
}

/** The ring after the broker confirmed everything published up to and including a sequence number. */
export function ringAfterConfirm(ring: ResendRing, sequence: number): ResendRing {
  const held = ring.held.filter((report) => !report.published || report.sequence > sequence);
  return { ...ring, held, bytes: held.reduce((sum, report) => sum + report.payload.length, 0) };
}

/** The ring after the connection was lost: what was published but not confirmed goes out again; the receiver drops duplicates. */
export function ringAfterDisconnect(ring: ResendRing): ResendRing {
  return { ...ring, held: ring.held.map((report) => ({ ...report, published: false })) };
}
