/** Rates of paths, bytes a second: what is believed and advised at most, 100 Gbit/s, and the least that a policy may name, 1 Mbit/s. */
export const rateBounds = { policyMin: 125_000, max: 12_500_000_000 } as const;
