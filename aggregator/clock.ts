/** Time, brought in by main so that everything else can be told another one. */

/** The two kinds of time. */
export interface Clock {
  /** Milliseconds of a clock that never steps. For ages and intervals. */
  nowMs(): number;
  /** Milliseconds since the Unix epoch. For what other machines compare with their own clocks. */
  unixMs(): number;
}

/** This machine's. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  unixMs: () => Date.now(),
};
