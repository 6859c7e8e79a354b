// Original file: proto/augmenter/v1/telemetry.proto

import type { FailedJump as _augmenter_v1_FailedJump, FailedJump__Output as _augmenter_v1_FailedJump__Output } from '../../augmenter/v1/FailedJump.ts';
import type { Long } from '@grpc/proto-loader';

export interface HostEvent {
  'hostId'?: (string);
  'epoch'?: (number | string | Long);
  'sequence'?: (number | string | Long);
  'failedJumps'?: (_augmenter_v1_FailedJump)[];
}

export interface HostEvent__Output {
  'hostId': (string);
  'epoch': (number);
  'sequence': (number);
  'failedJumps': (_augmenter_v1_FailedJump__Output)[];
}
