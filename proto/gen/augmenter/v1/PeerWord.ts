// Original file: proto/augmenter/v1/peer_word.proto

import type { CrowdBound as _augmenter_v1_CrowdBound, CrowdBound__Output as _augmenter_v1_CrowdBound__Output } from '../../augmenter/v1/CrowdBound.ts';
import type { CrowdTally as _augmenter_v1_CrowdTally, CrowdTally__Output as _augmenter_v1_CrowdTally__Output } from '../../augmenter/v1/CrowdTally.ts';
import type { PeerFailure as _augmenter_v1_PeerFailure, PeerFailure__Output as _augmenter_v1_PeerFailure__Output } from '../../augmenter/v1/PeerFailure.ts';
import type { Long } from '@grpc/proto-loader';

export interface PeerWord {
  'term'?: (number | string | Long);
  'partition'?: (number);
  'partitions'?: (number);
  'bounds'?: (_augmenter_v1_CrowdBound)[];
  'tallies'?: (_augmenter_v1_CrowdTally)[];
  'failures'?: (_augmenter_v1_PeerFailure)[];
}

export interface PeerWord__Output {
  'term': (number);
  'partition': (number);
  'partitions': (number);
  'bounds': (_augmenter_v1_CrowdBound__Output)[];
  'tallies': (_augmenter_v1_CrowdTally__Output)[];
  'failures': (_augmenter_v1_PeerFailure__Output)[];
}
