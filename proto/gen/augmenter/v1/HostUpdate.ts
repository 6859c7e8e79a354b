// Original file: proto/augmenter/v1/host.proto

import type { HostInfo as _augmenter_v1_HostInfo, HostInfo__Output as _augmenter_v1_HostInfo__Output } from '../../augmenter/v1/HostInfo.ts';
import type { SnapshotBegin as _augmenter_v1_SnapshotBegin, SnapshotBegin__Output as _augmenter_v1_SnapshotBegin__Output } from '../../augmenter/v1/SnapshotBegin.ts';
import type { SnapshotEnd as _augmenter_v1_SnapshotEnd, SnapshotEnd__Output as _augmenter_v1_SnapshotEnd__Output } from '../../augmenter/v1/SnapshotEnd.ts';
import type { Heartbeat as _augmenter_v1_Heartbeat, Heartbeat__Output as _augmenter_v1_Heartbeat__Output } from '../../augmenter/v1/Heartbeat.ts';
import type { ViewVersion as _augmenter_v1_ViewVersion, ViewVersion__Output as _augmenter_v1_ViewVersion__Output } from '../../augmenter/v1/ViewVersion.ts';

export interface HostUpdate {
  'host'?: (_augmenter_v1_HostInfo | null);
  'gone'?: (string);
  'snapshotBegin'?: (_augmenter_v1_SnapshotBegin | null);
  'snapshotEnd'?: (_augmenter_v1_SnapshotEnd | null);
  'heartbeat'?: (_augmenter_v1_Heartbeat | null);
  'version'?: (_augmenter_v1_ViewVersion | null);
  'change'?: "host"|"gone"|"snapshotBegin"|"snapshotEnd"|"heartbeat";
}

export interface HostUpdate__Output {
  'host'?: (_augmenter_v1_HostInfo__Output | null);
  'gone'?: (string);
  'snapshotBegin'?: (_augmenter_v1_SnapshotBegin__Output | null);
  'snapshotEnd'?: (_augmenter_v1_SnapshotEnd__Output | null);
  'heartbeat'?: (_augmenter_v1_Heartbeat__Output | null);
  'version': (_augmenter_v1_ViewVersion__Output | null);
  'change'?: "host"|"gone"|"snapshotBegin"|"snapshotEnd"|"heartbeat";
}
