// Original file: proto/augmenter/v1/policy.proto

import type { Mode as _augmenter_v1_Mode, Mode__Output as _augmenter_v1_Mode__Output } from '../../augmenter/v1/Mode.ts';
import type { AdvicePin as _augmenter_v1_AdvicePin, AdvicePin__Output as _augmenter_v1_AdvicePin__Output } from '../../augmenter/v1/AdvicePin.ts';
import type { AdviceLimits as _augmenter_v1_AdviceLimits, AdviceLimits__Output as _augmenter_v1_AdviceLimits__Output } from '../../augmenter/v1/AdviceLimits.ts';
import type { PolicyRule as _augmenter_v1_PolicyRule, PolicyRule__Output as _augmenter_v1_PolicyRule__Output } from '../../augmenter/v1/PolicyRule.ts';

export interface EffectivePolicy {
  'mode'?: (_augmenter_v1_Mode);
  'excluded'?: (boolean);
  'pin'?: (_augmenter_v1_AdvicePin | null);
  'limits'?: (_augmenter_v1_AdviceLimits | null);
  'rules'?: (_augmenter_v1_PolicyRule)[];
}

export interface EffectivePolicy__Output {
  'mode': (_augmenter_v1_Mode__Output);
  'excluded': (boolean);
  'pin': (_augmenter_v1_AdvicePin__Output | null);
  'limits': (_augmenter_v1_AdviceLimits__Output | null);
  'rules': (_augmenter_v1_PolicyRule__Output)[];
}
