// Original file: proto/augmenter/v1/policy_service.proto

import type { PolicyRule as _augmenter_v1_PolicyRule, PolicyRule__Output as _augmenter_v1_PolicyRule__Output } from '../../augmenter/v1/PolicyRule.ts';
import type { Long } from '@grpc/proto-loader';

export interface Policy {
  'revision'?: (number | string | Long);
  'rules'?: (_augmenter_v1_PolicyRule)[];
  'durable'?: (boolean);
  'nextPageToken'?: (string);
}

export interface Policy__Output {
  'revision': (number);
  'rules': (_augmenter_v1_PolicyRule__Output)[];
  'durable': (boolean);
  'nextPageToken': (string);
}
