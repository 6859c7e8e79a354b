// Original file: proto/augmenter/v1/policy_service.proto

import type { PolicyRule as _augmenter_v1_PolicyRule, PolicyRule__Output as _augmenter_v1_PolicyRule__Output } from '../../augmenter/v1/PolicyRule.ts';
import type { Long } from '@grpc/proto-loader';

export interface SetPolicyRuleRequest {
  'rule'?: (_augmenter_v1_PolicyRule | null);
  'why'?: (string);
  'expectedRevision'?: (number | string | Long);
}

export interface SetPolicyRuleRequest__Output {
  'rule': (_augmenter_v1_PolicyRule__Output | null);
  'why': (string);
  'expectedRevision': (number);
}
