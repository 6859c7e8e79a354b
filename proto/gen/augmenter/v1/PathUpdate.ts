// Original file: proto/augmenter/v1/path_service.proto

import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from '../../augmenter/v1/PathEstimate.ts';
import type { PathKey as _augmenter_v1_PathKey, PathKey__Output as _augmenter_v1_PathKey__Output } from '../../augmenter/v1/PathKey.ts';
import type { SnapshotEnd as _augmenter_v1_SnapshotEnd, SnapshotEnd__Output as _augmenter_v1_SnapshotEnd__Output } from '../../augmenter/v1/SnapshotEnd.ts';
import type { SnapshotBegin as _augmenter_v1_SnapshotBegin, SnapshotBegin__Output as _augmenter_v1_SnapshotBegin__Output } from '../../augmenter/v1/SnapshotBegin.ts';
import type { Heartbeat as _augmenter_v1_Heartbeat, Heartbeat__Output as _augmenter_v1_Heartbeat__Output } from '../../augmenter/v1/Heartbeat.ts';
import type { ViewVersion as _augmenter_v1_ViewVersion, ViewVersion__Output as _augmenter_v1_ViewVersion__Output } from '../../augmenter/v1/ViewVersion.ts';

export interface PathUpdate {
  'estimate'?: (_augmenter_v1_PathEstimate | null);
  'forgotten'?: (_augmenter_v1_PathKey | null);
  'snapshotEnd'?: (_augmenter_v1_SnapshotEnd | null);
  'snapshotBegin'?: (_augmenter_v1_SnapshotBegin | null);
  'heartbeat'?: (_augmenter_v1_Heartbeat | null);
  'version'?: (_augmenter_v1_ViewVersion | null);
  'change'?: "estimate"|"forgotten"|"snapshotEnd"|"snapshotBegin"|"heartbeat";
}

export interface PathUpdate__Output {
  'estimate'?: (_augmenter_v1_PathEstimate__Output | null);
  'forgotten'?: (_augmenter_v1_PathKey__Output | null);
  'snapshotEnd'?: (_augmenter_v1_SnapshotEnd__Output | null);
  'snapshotBegin'?: (_augmenter_v1_SnapshotBegin__Output | null);
  'heartbeat'?: (_augmenter_v1_Heartbeat__Output | null);
  'version': (_augmenter_v1_ViewVersion__Output | null);
  'change'?: "estimate"|"forgotten"|"snapshotEnd"|"snapshotBegin"|"heartbeat";
}
