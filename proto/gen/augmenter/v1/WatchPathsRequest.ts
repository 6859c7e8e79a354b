// Original file: proto/augmenter/v1/path_service.proto

import type { PathFilter as _augmenter_v1_PathFilter, PathFilter__Output as _augmenter_v1_PathFilter__Output } from '../../augmenter/v1/PathFilter.ts';
import type { ViewVersion as _augmenter_v1_ViewVersion, ViewVersion__Output as _augmenter_v1_ViewVersion__Output } from '../../augmenter/v1/ViewVersion.ts';

export interface WatchPathsRequest {
  'filter'?: (_augmenter_v1_PathFilter | null);
  'minIntervalMs'?: (number);
  'resumeAfter'?: (_augmenter_v1_ViewVersion | null);
  'heartbeatIntervalMs'?: (number);
}

export interface WatchPathsRequest__Output {
  'filter': (_augmenter_v1_PathFilter__Output | null);
  'minIntervalMs': (number);
  'resumeAfter': (_augmenter_v1_ViewVersion__Output | null);
  'heartbeatIntervalMs': (number);
}
