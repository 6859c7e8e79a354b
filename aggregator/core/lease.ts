/**
 * Who of several aggregators leads: a lease on terms. Pure: time and chance are arguments.
 *
 * Whoever leads says so again and again. Who hears nothing for the time of a lease claims the next term, waits for a higher claim, and
 * leads. Whoever leads and finds its lease run out, because the broker is away or the process stood still, stops by itself. Nothing
 * rests on the clocks agreeing, nor on only one leading: hosts follow the highest term they were told of, and the one
 * with the lower term stops when it hears of the higher.
 */

/** Milliseconds. */
export interface LeaseTimes {
  readonly leaseMs: number;
  readonly claimMs: number;
  readonly spreadMs: number;
  readonly hostTermIntervalMs: number;
}

/** Where one aggregator stands. Times are of a monotonic clock. */
export interface LeaseState {
  readonly role: "standby" | "claiming" | "leading";
  /** The term it claims or leads in; 0 while it stands by. */
  readonly term: number;
  /** The highest term anybody was heard of with. */
  readonly highestTerm: number;
  /** Who was heard last with it; "" before. */
  readonly leaderId: string;
  /** While standing by: when it may claim. */
  readonly claimMs: number;
  /** While claiming and leading: when the lease runs out unless it is renewed. */
  readonly endsMs: number;
  /** While claiming: since when. */
  readonly claimedMs: number;
  /** The highest term that a host said it follows, since when that is above the own, and when the own was last raised above it. */
  readonly hostTerm: number;
  readonly hostTermMs: number;
  readonly raisedMs: number;
}

/** What another aggregator says of a lease. */
export interface LeaseWord {
  readonly aggregatorId: string;
  readonly term: number;
  /** 0: the term has ended. */
  readonly leaseMs: number;
}

/** At the start: somebody else may be leading. `chance` is 0..1. */
export function standingBy(times: LeaseTimes, nowMs: number, chance: number): LeaseState {
  return {
    role: "standby",
    term: 0,
    highestTerm: 0,
    leaderId: "",
    claimMs: nowMs + times.leaseMs + chance * times.spreadMs,
    endsMs: 0,
    claimedMs: 0,
    hostTerm: 0,
    hostTermMs: 0,
    raisedMs: Number.NEGATIVE_INFINITY,
  };
}

/**
 * After the word of another aggregator: a higher term ends the own, a lower one is of the past. Two that claimed at the same
 * millisecond have the same term: the one whose id is greater goes on above it.
 */
export function leaseAfterWord(
  state: LeaseState,
  ownId: string,
  word: LeaseWord,
  times: LeaseTimes,
  nowMs: number,
  chance: number,
): LeaseState {
  if (word.term < state.highestTerm) return state;
  if (word.term === state.term && ownId > word.aggregatorId) {
    return { ...state, term: state.term + 1, highestTerm: state.term + 1 };
  }
  return {
    ...state,
    role: "standby",
    term: 0,
    highestTerm: word.term,
    leaderId: word.leaseMs === 0 ? "" : word.aggregatorId,
    claimMs: nowMs + word.leaseMs + chance * times.spreadMs,
  };
}

/** After a host told which term it follows. */
export function leaseAfterHostTerm(state: LeaseState, term: number, nowMs: number): LeaseState {
  return term > state.hostTerm ? { ...state, hostTerm: term, hostTermMs: nowMs } : state;
}

/** After some time. `unixMs` makes terms rise from one leader to the next also where nobody was heard. */
export function leaseAfterTime(
  state: LeaseState,
  times: LeaseTimes,
  nowMs: number,
  unixMs: number,
  chance: number,
): LeaseState {
  if (state.role === "standby") {
    if (nowMs < state.claimMs) return state;
    const term = Math.max(unixMs, state.highestTerm + 1, state.hostTerm + 1);
    return { ...state, role: "claiming", term, highestTerm: term, claimedMs: nowMs, endsMs: nowMs + times.leaseMs };
  }
  if (nowMs >= state.endsMs) {
    return {
      ...state,
      role: "standby",
      term: 0,
      leaderId: "",
      claimMs: nowMs + times.leaseMs + chance * times.spreadMs,
    };
  }
  const isWon = state.role === "claiming" && nowMs - state.claimedMs >= times.claimMs;
  return isWon ? { ...state, role: "leading" } : aboveHosts(state, times, nowMs);
}

/** After the broker confirmed that it has what was said of the own lease at `saidMs`, in this term. */
export function leaseAfterRenewal(state: LeaseState, term: number, saidMs: number, times: LeaseTimes): LeaseState {
  return state.term === term ? { ...state, endsMs: Math.max(state.endsMs, saidMs + times.leaseMs) } : state;
}

/** Whether advice may be sent at a moment. */
export function isLeading(state: LeaseState, nowMs: number): boolean {
  return state.role === "leading" && nowMs < state.endsMs;
}

// A leader whose term hosts follow instead would have been heard and have ended ours: it is gone, and only a higher term will be
// followed. Now and then: the word of one host moves nothing but the term.
function aboveHosts(state: LeaseState, times: LeaseTimes, nowMs: number): LeaseState {
  const isAbove = state.role === "leading" && state.hostTerm > state.term;
  if (!isAbove || nowMs - state.hostTermMs < times.leaseMs) return state;
  if (nowMs - state.raisedMs < times.hostTermIntervalMs) return state;
  return { ...state, term: state.hostTerm + 1, highestTerm: state.hostTerm + 1, raisedMs: nowMs };
}
