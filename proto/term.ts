/** Fencing terms: when somebody began to lead, milliseconds since the Unix epoch, or one above a term that was ahead of that. */

/**
 * How far a term may be ahead of the clock that judges it. Hosts and aggregators must judge alike: what hosts follow and an aggregator does
 * not believe, it would never go above, and no host would take its advice. It is long, so that a leader whose clock is
 * wrong does no harm: after it terms count up by one. It is not endless: above the highest number there is no term.
 */
export const termAheadMaxMs = 24 * 3600_000;

/** Whether somebody may lead in a term, as far as a clock tells. */
export function isCredibleTerm(term: number, unixMs: number): boolean {
  return Number.isSafeInteger(term) && term > 0 && term <= unixMs + termAheadMaxMs;
}
