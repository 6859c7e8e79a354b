// Original file: proto/augmenter/v1/telemetry.proto

import type { ReceiveNeed as _augmenter_v1_ReceiveNeed, ReceiveNeed__Output as _augmenter_v1_ReceiveNeed__Output } from '../../augmenter/v1/ReceiveNeed.ts';
import type { Long } from '@grpc/proto-loader';

export interface ReceiveNeeds {
  'hostId'?: (string);
  'term'?: (number | string | Long);
  'partition'?: (number);
  'partitions'?: (number);
  'needs'?: (_augmenter_v1_ReceiveNeed)[];
}

export interface ReceiveNeeds__Output {
  'hostId': (string);
  'term': (number);
  'partition': (number);
  'partitions': (number);
  'needs': (_augmenter_v1_ReceiveNeed__Output)[];
}
