// Original file: proto/augmenter/v1/policy_service.proto

import type { PolicyScope as _augmenter_v1_PolicyScope, PolicyScope__Output as _augmenter_v1_PolicyScope__Output } from '../../augmenter/v1/PolicyScope.ts';
import type { Long } from '@grpc/proto-loader';

export interface DeletePolicyRuleRequest {
  'scope'?: (_augmenter_v1_PolicyScope | null);
  'why'?: (string);
  'expectedRevision'?: (number | string | Long);
}

export interface DeletePolicyRuleRequest__Output {
  'scope': (_augmenter_v1_PolicyScope__Output | null);
  'why': (string);
  'expectedRevision': (number);
}
