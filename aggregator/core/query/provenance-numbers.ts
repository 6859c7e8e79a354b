/** Provenance as the wire has it. */
export const provenanceNumbers = {
  PROVENANCE_UNSPECIFIED: 0,
  PROVENANCE_MEASURED: 1,
  PROVENANCE_INFERRED: 2,
  PROVENANCE_PREDICTED: 3,
} as const;

/** Its names. */
export type Provenance = keyof typeof provenanceNumbers;

/** By number. */
export const provenanceNames = Object.keys(provenanceNumbers) as readonly Provenance[];
