// Original file: proto/augmenter/v1/telemetry.proto

import type { Prefix as _augmenter_v1_Prefix, Prefix__Output as _augmenter_v1_Prefix__Output } from '../../augmenter/v1/Prefix.ts';
import type { Long } from '@grpc/proto-loader';

export interface AdviceEntry {
  'destination'?: (_augmenter_v1_Prefix | null);
  'windowSegments'?: (number);
  'receiveWindowBytes'?: (number);
  'pathRateBytesPerSecond'?: (number | string | Long);
  'minRttUs'?: (number);
  'burstSegments'?: (number);
  'capacityKnown'?: (boolean);
  'rtoMinUs'?: (number);
  'togetherSegments'?: (number);
  'togetherHosts'?: (number);
}

export interface AdviceEntry__Output {
  'destination': (_augmenter_v1_Prefix__Output | null);
  'windowSegments': (number);
  'receiveWindowBytes': (number);
  'pathRateBytesPerSecond': (number);
  'minRttUs': (number);
  'burstSegments': (number);
  'capacityKnown': (boolean);
  'rtoMinUs': (number);
  'togetherSegments': (number);
  'togetherHosts': (number);
}
