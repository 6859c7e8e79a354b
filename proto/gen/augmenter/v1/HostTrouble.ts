// Original file: proto/augmenter/v1/host.proto

import type { TroubleReason as _augmenter_v1_TroubleReason, TroubleReason__Output as _augmenter_v1_TroubleReason__Output } from '../../augmenter/v1/TroubleReason.ts';
import type { Long } from '@grpc/proto-loader';

export interface HostTrouble {
  'kind'?: (string);
  'count'?: (number | string | Long);
  'reasons'?: (_augmenter_v1_TroubleReason)[];
}

export interface HostTrouble__Output {
  'kind': (string);
  'count': (number);
  'reasons': (_augmenter_v1_TroubleReason__Output)[];
}
