/** What the demo measures, and what it makes of the measurements. */

/** One kind of transfer. */
export interface DemoCell {
  readonly sizeBytes: number;
  readonly connectionsAtOnce: number;
  /** Each round opens connectionsAtOnce connections. */
  readonly rounds: number;
}

/** Small enough to end before slow start does, alone and together. */
export const demoCells: readonly DemoCell[] = [
  { sizeBytes: 64 << 10, connectionsAtOnce: 1, rounds: 40 },
  { sizeBytes: 256 << 10, connectionsAtOnce: 1, rounds: 40 },
  { sizeBytes: 512 << 10, connectionsAtOnce: 1, rounds: 40 },
  { sizeBytes: 1 << 20, connectionsAtOnce: 1, rounds: 30 },
  { sizeBytes: 64 << 10, connectionsAtOnce: 4, rounds: 20 },
  { sizeBytes: 256 << 10, connectionsAtOnce: 4, rounds: 20 },
  { sizeBytes: 64 << 10, connectionsAtOnce: 16, rounds: 8 },
];

/** The path between the racks. */
export const demoPath = { rateBitsPerSecond: 200_000_000, rttUs: 20_000, bufferBdp: 0.25 } as const;

/** A line of the result; names as in the JSON output. Times in milliseconds. */
export interface DemoResult {
  readonly size_bytes: number;
  readonly connections_at_once: number;
  readonly default_p50_ms: number;
  readonly default_p99_ms: number;
  readonly advised_p50_ms: number;
  readonly advised_p99_ms: number;
  /** Default / advised: above 1, advised is faster. */
  readonly ratio_p50: number;
  readonly ratio_p99: number;
  readonly limit_ms: number;
}

/** The result of a cell from the transfer times, microseconds, of both runs. */
export function demoResult(cell: DemoCell, defaultUs: readonly number[], advisedUs: readonly number[]): DemoResult {
  const [defaultP50, defaultP99] = [quantileMs(defaultUs, 0.5), quantileMs(defaultUs, 0.99)];
  const [advisedP50, advisedP99] = [quantileMs(advisedUs, 0.5), quantileMs(advisedUs, 0.99)];
  return {
    size_bytes: cell.sizeBytes,
    connections_at_once: cell.connectionsAtOnce,
    default_p50_ms: rounded(defaultP50, 1),
    default_p99_ms: rounded(defaultP99, 1),
    advised_p50_ms: rounded(advisedP50, 1),
    advised_p99_ms: rounded(advisedP99, 1),
    ratio_p50: rounded(defaultP50 / advisedP50, 3),
    ratio_p99: rounded(defaultP99 / advisedP99, 3),
    limit_ms: rounded(limitMs(cell), 1),
  };
}

/**
 * What physics allows: one RTT for the handshake, one for the request and the first byte, then the bytes of all connections
 * at the rate of the path, 1500 on the wire for 1448 of payload.
 */
export function limitMs({ sizeBytes, connectionsAtOnce }: DemoCell): number {
  const wireBits = connectionsAtOnce * sizeBytes * 8 * (1500 / 1448);
  return (2 * demoPath.rttUs) / 1000 + (wireBits / demoPath.rateBitsPerSecond) * 1000;
}

/** Nearest-rank quantile of microseconds, as milliseconds. Throws where there are none. */
export function quantileMs(us: readonly number[], q: number): number {
  const ascending = [...us].sort((a, b) => a - b);
  const value = ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)];
  if (value === undefined) throw new Error("Cannot take a quantile of no transfers");
  return value / 1000;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
