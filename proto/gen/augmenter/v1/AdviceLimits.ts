// Original file: proto/augmenter/v1/policy.proto

import type { Long } from '@grpc/proto-loader';

export interface AdviceLimits {
  'windowMaxSegments'?: (number);
  'rateMaxBytesPerSecond'?: (number | string | Long);
  'receiveWindowMaxBytes'?: (number);
  'confidenceMin'?: (number | string);
}

export interface AdviceLimits__Output {
  'windowMaxSegments': (number);
  'rateMaxBytesPerSecond': (number);
  'receiveWindowMaxBytes': (number);
  'confidenceMin': (number);
}
