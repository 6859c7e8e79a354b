// Original file: proto/augmenter/v1/host.proto

import type { HostInfo as _augmenter_v1_HostInfo, HostInfo__Output as _augmenter_v1_HostInfo__Output } from '../../augmenter/v1/HostInfo.ts';

export interface ListHostsResponse {
  'hosts'?: (_augmenter_v1_HostInfo)[];
  'nextPageToken'?: (string);
  'warnings'?: (string)[];
}

export interface ListHostsResponse__Output {
  'hosts': (_augmenter_v1_HostInfo__Output)[];
  'nextPageToken': (string);
  'warnings': (string)[];
}
