// Original file: proto/augmenter/v1/policy_word.proto

import type { PolicyRule as _augmenter_v1_PolicyRule, PolicyRule__Output as _augmenter_v1_PolicyRule__Output } from '../../augmenter/v1/PolicyRule.ts';
import type { PolicyChange as _augmenter_v1_PolicyChange, PolicyChange__Output as _augmenter_v1_PolicyChange__Output } from '../../augmenter/v1/PolicyChange.ts';
import type { Long } from '@grpc/proto-loader';

export interface PolicyWord {
  'aggregatorId'?: (string);
  'revision'?: (number | string | Long);
  'digest'?: (Buffer | Uint8Array | string);
  'complete'?: (boolean);
  'rules'?: (_augmenter_v1_PolicyRule)[];
  'changes'?: (_augmenter_v1_PolicyChange)[];
}

export interface PolicyWord__Output {
  'aggregatorId': (string);
  'revision': (number);
  'digest': (Buffer);
  'complete': (boolean);
  'rules': (_augmenter_v1_PolicyRule__Output)[];
  'changes': (_augmenter_v1_PolicyChange__Output)[];
}
