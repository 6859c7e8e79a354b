// Original file: proto/augmenter/v1/path_service.proto

import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from '../../augmenter/v1/PathEstimate.ts';
import type { PathKey as _augmenter_v1_PathKey, PathKey__Output as _augmenter_v1_PathKey__Output } from '../../augmenter/v1/PathKey.ts';
import type { SnapshotEnd as _augmenter_v1_SnapshotEnd, SnapshotEnd__Output as _augmenter_v1_SnapshotEnd__Output } from '../../augmenter/v1/SnapshotEnd.ts';

export interface PathUpdate {
  'estimate'?: (_augmenter_v1_PathEstimate | null);
  'forgotten'?: (_augmenter_v1_PathKey | null);
  'snapshotEnd'?: (_augmenter_v1_SnapshotEnd | null);
  'change'?: "estimate"|"forgotten"|"snapshotEnd";
}

export interface PathUpdate__Output {
  'estimate'?: (_augmenter_v1_PathEstimate__Output | null);
  'forgotten'?: (_augmenter_v1_PathKey__Output | null);
  'snapshotEnd'?: (_augmenter_v1_SnapshotEnd__Output | null);
  'change'?: "estimate"|"forgotten"|"snapshotEnd";
}
