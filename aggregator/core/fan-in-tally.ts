/** What is told of one interval of sending to a receiver with crowds, summed up. */

/** What the rows of an interval say together. */
export interface FanInTally {
  readonly rows: number;
  readonly sent: number;
  readonly retransmitted: number;
  /** Rows that lost, and the sum of what one connection of each had in flight then. */
  readonly lossRows: number;
  readonly lossFlights: number;
  /** Connections, those that lost of their first segments, and the sum of how many these had sent at once. */
  readonly connections: number;
  readonly burstsLost: number;
  readonly burstSegments: number;
  /** Rows with connections larger than their part: only these show that more would fit. */
  readonly filledRows: number;
  /** Rows of which the median round trip saw a queue. */
  readonly queuedRows: number;
}

/** Nothing was told. */
export const emptyTally: FanInTally = {
  rows: 0,
  sent: 0,
  retransmitted: 0,
  lossRows: 0,
  lossFlights: 0,
  connections: 0,
  burstsLost: 0,
  burstSegments: 0,
  filledRows: 0,
  queuedRows: 0,
};

/** The sum of two. */
export function tallySum(one: FanInTally, other: FanInTally): FanInTally {
  if (one === emptyTally) return other;
  return {
    rows: one.rows + other.rows,
    sent: one.sent + other.sent,
    retransmitted: one.retransmitted + other.retransmitted,
    lossRows: one.lossRows + other.lossRows,
    lossFlights: one.lossFlights + other.lossFlights,
    connections: one.connections + other.connections,
    burstsLost: one.burstsLost + other.burstsLost,
    burstSegments: one.burstSegments + other.burstSegments,
    filledRows: one.filledRows + other.filledRows,
    queuedRows: one.queuedRows + other.queuedRows,
  };
}
