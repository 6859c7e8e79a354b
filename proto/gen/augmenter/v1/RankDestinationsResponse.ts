// Original file: proto/augmenter/v1/transfer.proto

import type { RankedDestination as _augmenter_v1_RankedDestination, RankedDestination__Output as _augmenter_v1_RankedDestination__Output } from '../../augmenter/v1/RankedDestination.ts';

export interface RankDestinationsResponse {
  'destinations'?: (_augmenter_v1_RankedDestination)[];
  'measuredElsewhere'?: (string)[];
}

export interface RankDestinationsResponse__Output {
  'destinations': (_augmenter_v1_RankedDestination__Output)[];
  'measuredElsewhere': (string)[];
}
