// Original file: proto/augmenter/v1/path.proto

export const Provenance = {
  PROVENANCE_UNSPECIFIED: 'PROVENANCE_UNSPECIFIED',
  PROVENANCE_MEASURED: 'PROVENANCE_MEASURED',
  PROVENANCE_INFERRED: 'PROVENANCE_INFERRED',
  PROVENANCE_PREDICTED: 'PROVENANCE_PREDICTED',
} as const;

export type Provenance =
  | 'PROVENANCE_UNSPECIFIED'
  | 0
  | 'PROVENANCE_MEASURED'
  | 1
  | 'PROVENANCE_INFERRED'
  | 2
  | 'PROVENANCE_PREDICTED'
  | 3

export type Provenance__Output = typeof Provenance[keyof typeof Provenance]
