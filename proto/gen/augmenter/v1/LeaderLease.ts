// Original file: proto/augmenter/v1/telemetry.proto

import type { Long } from '@grpc/proto-loader';

export interface LeaderLease {
  'aggregatorId'?: (string);
  'term'?: (number | string | Long);
  'leaseMs'?: (number);
  'partition'?: (number);
  'partitions'?: (number);
}

export interface LeaderLease__Output {
  'aggregatorId': (string);
  'term': (number);
  'leaseMs': (number);
  'partition': (number);
  'partitions': (number);
}
