// Original file: proto/augmenter/v1/telemetry.proto

export const Mode = {
  MODE_UNSPECIFIED: 'MODE_UNSPECIFIED',
  MODE_OBSERVE: 'MODE_OBSERVE',
  MODE_APPLY: 'MODE_APPLY',
  MODE_OFF: 'MODE_OFF',
} as const;

export type Mode =
  | 'MODE_UNSPECIFIED'
  | 0
  | 'MODE_OBSERVE'
  | 1
  | 'MODE_APPLY'
  | 2
  | 'MODE_OFF'
  | 3

export type Mode__Output = typeof Mode[keyof typeof Mode]
