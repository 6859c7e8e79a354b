/** The conditions under which transfer times are measured. */
import type { Congestion } from "../testbed/network-plan.ts";

/** One condition: a path, and what is transferred over it. */
export interface Cell {
  readonly rttMs: number;
  readonly rateMbitPerSecond: number;
  /** The bottleneck's drop-tail buffer, in bandwidth-delay products. */
  readonly bufferBdp: number;
  readonly sizeBytes: number;
  readonly connectionsAtOnce: number;
  readonly congestion: Congestion;
}

/** The values of each dimension of the matrix. */
export type CellValues = { readonly [Name in keyof Cell]: readonly Cell[Name][] };

/** The matrix: 576 cells. */
export const matrix: CellValues = {
  rttMs: [1, 5, 20, 50],
  rateMbitPerSecond: [50, 200],
  bufferBdp: [0.05, 0.25, 1],
  sizeBytes: [16 << 10, 64 << 10, 256 << 10, 1 << 20],
  connectionsAtOnce: [1, 4, 16],
  congestion: ["cubic", "bbr"],
};

/** Ethernet: 1500 bytes on the wire carry 1448 of payload, with TCP timestamps. */
export const packetBytes = 1500;
export const payloadBytes = 1448;

/**
 * No buffer is smaller than four full packets. With two, sixteen connections that start together lose all but a few of
 * their first packets again and again, and back off to timeouts of 26 s under every system; no switch is built so small.
 */
export const bufferFloorBytes = 4 * packetBytes;

/** Every combination of the values. */
export function cellsOf(values: CellValues): readonly Cell[] {
  const cells: Cell[] = [];
  for (const rttMs of values.rttMs)
    for (const rateMbitPerSecond of values.rateMbitPerSecond)
      for (const bufferBdp of values.bufferBdp)
        for (const sizeBytes of values.sizeBytes)
          for (const connectionsAtOnce of values.connectionsAtOnce)
            for (const congestion of values.congestion)
              cells.push({ rttMs, rateMbitPerSecond, bufferBdp, sizeBytes, connectionsAtOnce, congestion });
  return cells;
}

/** The same cells in an order of which any beginning is a spread over the whole: a run that ends early is still of use. */
export function spread(cells: readonly Cell[]): readonly Cell[] {
  // The golden ratio's multiples, modulo one, fill the unit interval evenly at every length.
  const golden = (Math.sqrt(5) - 1) / 2;
  const places = cells.map((cell, index) => ({ cell, place: (index * golden) % 1 }));
  return places.sort((a, b) => a.place - b.place).map(({ cell }) => cell);
}

/** A cell's name, which is also the filter that selects it. */
export function cellName(cell: Cell): string {
  const { rttMs, rateMbitPerSecond, bufferBdp, sizeBytes, connectionsAtOnce, congestion } = cell;
  return `rtt=${rttMs},rate=${rateMbitPerSecond},buffer=${bufferBdp},size=${sizeText(sizeBytes)},n=${connectionsAtOnce},cc=${congestion}`;
}

/** 64K, 1M, or bytes. */
export function sizeText(bytes: number): string {
  if (bytes % (1 << 20) === 0) return `${bytes / (1 << 20)}M`;
  return bytes % 1024 === 0 ? `${bytes / 1024}K` : String(bytes);
}

/** Rate x RTT, of whole packets. */
export function bdpBytesOf({ rateMbitPerSecond, rttMs }: Cell): number {
  return (rateMbitPerSecond * rttMs * 1000) / 8;
}

/** The size of the bottleneck's buffer. */
export function bufferBytesOf(cell: Cell): number {
  return Math.max(bufferFloorBytes, Math.round(cell.bufferBdp * bdpBytesOf(cell)));
}

/**
 * What physics allows: one RTT for the handshake, one for the request and the first byte, then the bytes of all
 * connections of a round at the rate of the path.
 */
export function limitMsOf(cell: Cell): number {
  const wireBits = cell.connectionsAtOnce * cell.sizeBytes * 8 * (packetBytes / payloadBytes);
  return 2 * cell.rttMs + wireBits / (cell.rateMbitPerSecond * 1000);
}
