// Original file: proto/augmenter/v1/host.proto

import type { HostFilter as _augmenter_v1_HostFilter, HostFilter__Output as _augmenter_v1_HostFilter__Output } from '../../augmenter/v1/HostFilter.ts';

export interface ListHostsRequest {
  'filter'?: (_augmenter_v1_HostFilter | null);
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListHostsRequest__Output {
  'filter': (_augmenter_v1_HostFilter__Output | null);
  'pageSize': (number);
  'pageToken': (string);
}
