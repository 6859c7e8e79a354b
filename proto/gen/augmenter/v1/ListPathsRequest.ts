// Original file: proto/augmenter/v1/path_service.proto

import type { PathFilter as _augmenter_v1_PathFilter, PathFilter__Output as _augmenter_v1_PathFilter__Output } from '../../augmenter/v1/PathFilter.ts';

export interface ListPathsRequest {
  'filter'?: (_augmenter_v1_PathFilter | null);
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListPathsRequest__Output {
  'filter': (_augmenter_v1_PathFilter__Output | null);
  'pageSize': (number);
  'pageToken': (string);
}
