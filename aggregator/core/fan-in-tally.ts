/** What is told of one interval of sending to a receiver with crowds, summed up so that no single host decides. */

/** What the rows of an interval say together, one of each host. Of shares the largest is kept beside the sum, to be left out of it. */
export interface FanInTally {
  readonly rows: number;
  /** Retransmitted segments of those sent, 0..1 of each row. */
  readonly lossShares: number;
  readonly lossShareHighest: number;
  /** Rows that lost, and the sum of what one connection of each had in flight then. */
  readonly lossRows: number;
  readonly lossFlights: number;
  readonly lossFlightHighest: number;
  /** Connections that lost of their first segments, 0..1 of each row. */
  readonly burstShares: number;
  readonly burstShareHighest: number;
  /** Rows with such connections, and the sum of how many segments these had sent at once, in the mean of each row. */
  readonly burstRows: number;
  readonly burstSegments: number;
  /** Rows with connections larger than their part: only these show that more would fit. */
  readonly filledRows: number;
  /** Rows of which the median round trip saw a queue. */
  readonly queuedRows: number;
}

/** Nothing was told. */
export const emptyTally: FanInTally = {
  rows: 0,
  lossShares: 0,
  lossShareHighest: 0,
  lossRows: 0,
  lossFlights: 0,
  lossFlightHighest: 0,
  burstShares: 0,
  burstShareHighest: 0,
  burstRows: 0,
  burstSegments: 0,
  filledRows: 0,
  queuedRows: 0,
};

/** The sum of two. */
export function tallySum(one: FanInTally, other: FanInTally): FanInTally {
  if (one === emptyTally) return other;
  return {
    rows: one.rows + other.rows,
    lossShares: one.lossShares + other.lossShares,
    lossShareHighest: Math.max(one.lossShareHighest, other.lossShareHighest),
    lossRows: one.lossRows + other.lossRows,
    lossFlights: one.lossFlights + other.lossFlights,
    lossFlightHighest: Math.max(one.lossFlightHighest, other.lossFlightHighest),
    burstShares: one.burstShares + other.burstShares,
    burstShareHighest: Math.max(one.burstShareHighest, other.burstShareHighest),
    burstRows: one.burstRows + other.burstRows,
    burstSegments: one.burstSegments + other.burstSegments,
    filledRows: one.filledRows + other.filledRows,
    queuedRows: one.queuedRows + other.queuedRows,
  };
}

/** Mean part of what was sent that was lost, without the host that lost most: one with a broken link, or that lies, is not the crowd. */
export function lossShareOf({ rows, lossShares, lossShareHighest }: FanInTally): number {
  return rows < 2 ? 0 : Math.max(0, (lossShares - lossShareHighest) / (rows - 1));
}

/** The same of connections that lost of their first segments. */
export function burstShareOf({ rows, burstShares, burstShareHighest }: FanInTally): number {
  return rows < 2 ? 0 : Math.max(0, (burstShares - burstShareHighest) / (rows - 1));
}

/** What one connection had in flight as it lost, the mean over hosts without the largest; undefined where fewer than two told of any. */
export function lossFlightOf({ lossRows, lossFlights, lossFlightHighest }: FanInTally): number | undefined {
  return lossRows < 2 ? undefined : (lossFlights - lossFlightHighest) / (lossRows - 1);
}
