// Original file: proto/augmenter/v1/policy_service.proto

import type { PolicyChange as _augmenter_v1_PolicyChange, PolicyChange__Output as _augmenter_v1_PolicyChange__Output } from '../../augmenter/v1/PolicyChange.ts';

export interface ListPolicyChangesResponse {
  'changes'?: (_augmenter_v1_PolicyChange)[];
  'nextPageToken'?: (string);
}

export interface ListPolicyChangesResponse__Output {
  'changes': (_augmenter_v1_PolicyChange__Output)[];
  'nextPageToken': (string);
}
