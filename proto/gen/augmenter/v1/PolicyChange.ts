// Original file: proto/augmenter/v1/policy_service.proto

import type { PolicyAuthor as _augmenter_v1_PolicyAuthor, PolicyAuthor__Output as _augmenter_v1_PolicyAuthor__Output } from '../../augmenter/v1/PolicyAuthor.ts';
import type { PolicyScope as _augmenter_v1_PolicyScope, PolicyScope__Output as _augmenter_v1_PolicyScope__Output } from '../../augmenter/v1/PolicyScope.ts';
import type { PolicyRule as _augmenter_v1_PolicyRule, PolicyRule__Output as _augmenter_v1_PolicyRule__Output } from '../../augmenter/v1/PolicyRule.ts';
import type { Long } from '@grpc/proto-loader';

export interface PolicyChange {
  'revision'?: (number | string | Long);
  'author'?: (_augmenter_v1_PolicyAuthor | null);
  'scope'?: (_augmenter_v1_PolicyScope | null);
  'before'?: (_augmenter_v1_PolicyRule | null);
  'after'?: (_augmenter_v1_PolicyRule | null);
}

export interface PolicyChange__Output {
  'revision': (number);
  'author': (_augmenter_v1_PolicyAuthor__Output | null);
  'scope': (_augmenter_v1_PolicyScope__Output | null);
  'before': (_augmenter_v1_PolicyRule__Output | null);
  'after': (_augmenter_v1_PolicyRule__Output | null);
}
