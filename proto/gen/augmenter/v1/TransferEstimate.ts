// Original file: proto/augmenter/v1/transfer.proto

import type { PathKey as _augmenter_v1_PathKey, PathKey__Output as _augmenter_v1_PathKey__Output } from '../../augmenter/v1/PathKey.ts';
import type { Provenance as _augmenter_v1_Provenance, Provenance__Output as _augmenter_v1_Provenance__Output } from '../../augmenter/v1/Provenance.ts';
import type { Long } from '@grpc/proto-loader';

export interface TransferEstimate {
  'path'?: (_augmenter_v1_PathKey | null);
  'p50Us'?: (number | string | Long);
  'p90Us'?: (number | string | Long);
  'provenance'?: (_augmenter_v1_Provenance);
  'confidence'?: (number | string);
  'ageSeconds'?: (number | string);
  'samples'?: (number | string | Long);
  'handshakeUs'?: (number | string | Long);
  'slowStartUs'?: (number | string | Long);
  'sendingUs'?: (number | string | Long);
  'lossUs'?: (number | string | Long);
  'windowSegments'?: (number);
  'advised'?: (boolean);
  'shareBytesPerSecond'?: (number | string | Long);
  'rttUs'?: (number);
  'measuredElsewhere'?: (string)[];
}

export interface TransferEstimate__Output {
  'path': (_augmenter_v1_PathKey__Output | null);
  'p50Us': (number);
  'p90Us': (number);
  'provenance': (_augmenter_v1_Provenance__Output);
  'confidence': (number);
  'ageSeconds': (number);
  'samples': (number);
  'handshakeUs': (number);
  'slowStartUs': (number);
  'sendingUs': (number);
  'lossUs': (number);
  'windowSegments': (number);
  'advised': (boolean);
  'shareBytesPerSecond': (number);
  'rttUs': (number);
  'measuredElsewhere': (string)[];
}
