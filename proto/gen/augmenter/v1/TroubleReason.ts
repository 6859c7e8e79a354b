// Original file: proto/augmenter/v1/host.proto

import type { Long } from '@grpc/proto-loader';

export interface TroubleReason {
  'reason'?: (string);
  'count'?: (number | string | Long);
}

export interface TroubleReason__Output {
  'reason': (string);
  'count': (number);
}
