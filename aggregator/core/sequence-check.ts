/** Tells new messages of a host from repeated and outdated ones, and counts the holes between them. */

/** The newest message seen of one host and kind. */
export interface SequenceState {
  /** Microseconds since the Unix epoch at the start of the agent. */
  readonly epoch: number;
  readonly sequence: number;
}

export type SequenceVerdict = "new" | "repeated" | "outdated" | "old_epoch" | "malformed";

/** What is to be done with one message. */
export interface SequenceCheck {
  readonly verdict: SequenceVerdict;
  /** Unchanged unless the verdict is "new". */
  readonly state: SequenceState | undefined;
  /** Messages between the newest one before and this one that never came. */
  readonly missing: number;
}

/**
 * Judges one message. Only "new" may change anything: NATS keeps the order of one publisher, so whatever is not newer
 * than the newest is a repetition. The first message of an epoch sets the count and is never a gap, because an
 * aggregator that starts late has no claim to what came before.
 */
export function checkSequence(state: SequenceState | undefined, epoch: number, sequence: number): SequenceCheck {
  if (!isCount(epoch) || !isCount(sequence)) return { verdict: "malformed", state, missing: 0 };
  if (state === undefined || epoch > state.epoch) return { verdict: "new", state: { epoch, sequence }, missing: 0 };
  if (epoch < state.epoch) return { verdict: "old_epoch", state, missing: 0 };
  if (sequence === state.sequence) return { verdict: "repeated", state, missing: 0 };
  if (sequence < state.sequence) return { verdict: "outdated", state, missing: 0 };
  return { verdict: "new", state: { epoch, sequence }, missing: sequence - state.sequence - 1 };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
