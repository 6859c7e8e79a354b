/** How often an agent may report: what it can be told to, and what it is believed. */
export const reportIntervalBounds = { minMs: 100, maxMs: 60_000 } as const;
