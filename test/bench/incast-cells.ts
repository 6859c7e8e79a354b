/** The conditions under which many hosts answer one. */
import { packetBytes, payloadBytes, sizeText } from "./fct-cells.ts";

/** One condition: who answers, what, and over which link into the receiver. */
export interface IncastCell {
  /** Hosts that answer at once, a connection each. */
  readonly sources: number;
  /** Of each answer. */
  readonly sizeBytes: number;
  readonly rttMs: number;
  /** The drop-tail buffer in front of the receiver's link. */
  readonly bufferBytes: number;
}

/** The receiver's link; the answers leave their hosts as fast as these can send. */
export const linkMbitPerSecond = 200;

/** The values of each dimension: 128 cells. */
export const incastMatrix = {
  sources: [4, 8, 16, 32],
  sizeBytes: [32 << 10, 64 << 10, 128 << 10, 256 << 10],
  rttMs: [1, 5],
  bufferBytes: [32_000, 64_000, 128_000, 256_000],
} as const;

/**
 * Sixteen cells: every number of hosts with every size, and of buffers and RTTs a Latin square over these, so that each buffer is met by
 * every number of hosts, every size, and either RTT twice.
 */
export const incastSpread: readonly IncastCell[] = incastMatrix.sources.flatMap((sources, row) =>
  incastMatrix.sizeBytes.map((sizeBytes, column) => ({
    sources,
    sizeBytes,
    rttMs: incastMatrix.rttMs[(row + Math.floor(column / 2)) % 2] ?? 1,
    bufferBytes: incastMatrix.bufferBytes[(row + column) % 4] ?? 0,
  })),
);

/** A cell's name, which is also the filter that selects it. */
export function incastCellName({ sources, sizeBytes, rttMs, bufferBytes }: IncastCell): string {
  return `n=${sources},size=${sizeText(sizeBytes)},rtt=${rttMs},buffer=${bufferBytes / 1000}`;
}

/**
 * The cells of a text such as "n=32,rtt=1 size=64K": filters separated by blanks, each of which leaves what it does not name at all
 * values of the matrix. Returns what is wrong as a text.
 */
export function incastCellsFromText(text: string): readonly IncastCell[] | string {
  if (text === "") return incastSpread;
  const all = allCells();
  const chosen = new Set<IncastCell>();
  for (const filter of text.split(/\s+/).filter(Boolean)) {
    const parts = filter.split(",");
    const found = all.filter((cell) => parts.every((part) => incastCellName(cell).split(",").includes(part)));
    if (found.length === 0)
      return `filters such as "${incastCellName(incastSpread[0] as IncastCell)}", not "${filter}"`;
    for (const cell of found) chosen.add(cell);
  }
  return [...chosen];
}

/** What physics allows: an RTT for the handshake, one for the request and the first byte, then all answers at the rate of the link. */
export function incastLimitMs({ sources, sizeBytes, rttMs }: IncastCell): number {
  const wireBits = sources * sizeBytes * 8 * (packetBytes / payloadBytes);
  return 2 * rttMs + wireBits / (linkMbitPerSecond * 1000);
}

function allCells(): readonly IncastCell[] {
  const { sources, sizeBytes, rttMs, bufferBytes } = incastMatrix;
  return sources.flatMap((n) =>
    sizeBytes.flatMap((size) =>
      rttMs.flatMap((rtt) =>
        bufferBytes.map((buffer) => ({ sources: n, sizeBytes: size, rttMs: rtt, bufferBytes: buffer })),
      ),
    ),
  );
}
