/** What a path is like at a moment, and what it then offers a new connection. */

/** Whose bulk flow shares the bottleneck: nobody's, the hosts' own, or that of hosts without any agent. */
export type BulkFlow = "none" | "own" | "neighbour";

/** The state of a path. */
export interface Condition {
  readonly rateMbitPerSecond: number;
  /** Propagation only, there and back. */
  readonly rttMs: number;
  /** Drop-tail, in front of the path towards the client. A link that becomes slower keeps its buffer. */
  readonly bufferBytes: number;
  /** Of packets, at random, in either direction. */
  readonly lossRatio: number;
  /** Share of the rate that packets of nobody take, whatever the others do. */
  readonly crossShare: number;
  readonly bulk: BulkFlow;
}

/** What a path offers a new connection. */
export interface Offer {
  /** Payload. */
  readonly bytesPerSecond: number;
  readonly rttUs: number;
  /** Bandwidth-delay product, full segments. */
  readonly bdpSegments: number;
}

/** Ethernet: 1500 bytes on the wire carry 1448 of payload, with TCP timestamps. */
const packetBytes = 1500;
const payloadBytes = 1448;

/** Every scenario begins with this: 200 Mbit/s, 20 ms, a buffer of one BDP, nobody else. */
export const baseCondition: Condition = {
  rateMbitPerSecond: 200,
  rttMs: 20,
  bufferBytes: 500_000,
  lossRatio: 0,
  crossShare: 0,
  bulk: "none",
};

/**
 * What a path in this condition offers while no bulk flow is on it: rate and RTT of the link itself, less what cross traffic takes,
 * which does not give way.
 */
export function offerOf({ rateMbitPerSecond, rttMs, crossShare }: Condition): Offer {
  const wireBytesPerSecond = ((rateMbitPerSecond * 1e6) / 8) * (1 - crossShare);
  return {
    bytesPerSecond: (wireBytesPerSecond * payloadBytes) / packetBytes,
    rttUs: rttMs * 1000,
    bdpSegments: (wireBytesPerSecond * rttMs) / 1000 / packetBytes,
  };
}
