// Original file: proto/augmenter/v1/host.proto

import type { HostFilter as _augmenter_v1_HostFilter, HostFilter__Output as _augmenter_v1_HostFilter__Output } from '../../augmenter/v1/HostFilter.ts';
import type { ViewVersion as _augmenter_v1_ViewVersion, ViewVersion__Output as _augmenter_v1_ViewVersion__Output } from '../../augmenter/v1/ViewVersion.ts';

export interface WatchHostsRequest {
  'filter'?: (_augmenter_v1_HostFilter | null);
  'resumeAfter'?: (_augmenter_v1_ViewVersion | null);
  'heartbeatIntervalMs'?: (number);
}

export interface WatchHostsRequest__Output {
  'filter': (_augmenter_v1_HostFilter__Output | null);
  'resumeAfter': (_augmenter_v1_ViewVersion__Output | null);
  'heartbeatIntervalMs': (number);
}
