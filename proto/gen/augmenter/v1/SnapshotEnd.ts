// Original file: proto/augmenter/v1/watch.proto

import type { Long } from '@grpc/proto-loader';

export interface SnapshotEnd {
  'paths'?: (number | string | Long);
}

export interface SnapshotEnd__Output {
  'paths': (number);
}
