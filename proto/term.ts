/** Fencing terms: when somebody began to lead, milliseconds since the Unix epoch, or one above a term that was ahead of that. */

/**
 * How far a term may be ahead of the clock of an aggregator that hears it from another. It is long, so that a leader whose clock is
 * wrong does no harm: after it terms count up by one. It is not endless: above the highest number there is no term.
 */
export const termAheadMaxMs = 24 * 3600_000;

/**
 * The same where a host says that it follows the term. Any host may say anything, and whoever leads goes above it: all others must still take such a
 * term, whose clocks may be behind by the hour that is between.
 */
export const termOfHostAheadMaxMs = termAheadMaxMs - 3600_000;

/**
 * How far a term that a host follows may be ahead of its clock: what aggregators believe of each other, and what clocks may differ by. Not more:
 * what hosts follow and no aggregator believes, none would ever go above.
 */
export const termFollowedAheadMaxMs = termAheadMaxMs + 60_000;

/** Whether somebody may lead in a term, as far as a clock tells. */
export function isCredibleTerm(term: number, unixMs: number, aheadMaxMs = termAheadMaxMs): boolean {
  return Number.isSafeInteger(term) && term > 0 && term <= unixMs + aheadMaxMs;
}
