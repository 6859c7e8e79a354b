// Original file: proto/augmenter/v1/matrix.proto

export const MatrixLevel = {
  MATRIX_LEVEL_UNSPECIFIED: 'MATRIX_LEVEL_UNSPECIFIED',
  MATRIX_LEVEL_HOST: 'MATRIX_LEVEL_HOST',
  MATRIX_LEVEL_RACK: 'MATRIX_LEVEL_RACK',
  MATRIX_LEVEL_ZONE: 'MATRIX_LEVEL_ZONE',
} as const;

export type MatrixLevel =
  | 'MATRIX_LEVEL_UNSPECIFIED'
  | 0
  | 'MATRIX_LEVEL_HOST'
  | 1
  | 'MATRIX_LEVEL_RACK'
  | 2
  | 'MATRIX_LEVEL_ZONE'
  | 3

export type MatrixLevel__Output = typeof MatrixLevel[keyof typeof MatrixLevel]
