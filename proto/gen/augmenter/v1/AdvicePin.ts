// Original file: proto/augmenter/v1/policy.proto

import type { Long } from '@grpc/proto-loader';

export interface AdvicePin {
  'windowSegments'?: (number);
  'pathRateBytesPerSecond'?: (number | string | Long);
}

export interface AdvicePin__Output {
  'windowSegments': (number);
  'pathRateBytesPerSecond': (number);
}
