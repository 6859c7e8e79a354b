// Original file: proto/augmenter/v1/transfer.proto

export const FirstWindow = {
  FIRST_WINDOW_UNSPECIFIED: 'FIRST_WINDOW_UNSPECIFIED',
  FIRST_WINDOW_KERNEL: 'FIRST_WINDOW_KERNEL',
  FIRST_WINDOW_ADVISED: 'FIRST_WINDOW_ADVISED',
} as const;

export type FirstWindow =
  | 'FIRST_WINDOW_UNSPECIFIED'
  | 0
  | 'FIRST_WINDOW_KERNEL'
  | 1
  | 'FIRST_WINDOW_ADVISED'
  | 2

export type FirstWindow__Output = typeof FirstWindow[keyof typeof FirstWindow]
