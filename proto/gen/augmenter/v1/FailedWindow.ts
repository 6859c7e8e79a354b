// Original file: proto/augmenter/v1/explanation.proto

import type { Long } from '@grpc/proto-loader';

export interface FailedWindow {
  'ageSeconds'?: (number | string);
  'windowSegments'?: (number);
  'segmentsDelivered'?: (number);
  'segmentsLost'?: (number);
  'effect'?: (string);
  'rateBeforeBytesPerSecond'?: (number | string | Long);
  'rateAfterBytesPerSecond'?: (number | string | Long);
}

export interface FailedWindow__Output {
  'ageSeconds': (number);
  'windowSegments': (number);
  'segmentsDelivered': (number);
  'segmentsLost': (number);
  'effect': (string);
  'rateBeforeBytesPerSecond': (number);
  'rateAfterBytesPerSecond': (number);
}
