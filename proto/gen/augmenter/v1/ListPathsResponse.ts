// Original file: proto/augmenter/v1/path_service.proto

import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from '../../augmenter/v1/PathEstimate.ts';

export interface ListPathsResponse {
  'paths'?: (_augmenter_v1_PathEstimate)[];
  'nextPageToken'?: (string);
  'measuredElsewhere'?: (string)[];
}

export interface ListPathsResponse__Output {
  'paths': (_augmenter_v1_PathEstimate__Output)[];
  'nextPageToken': (string);
  'measuredElsewhere': (string)[];
}
