// Original file: proto/augmenter/v1/policy.proto

import type { PolicyScope as _augmenter_v1_PolicyScope, PolicyScope__Output as _augmenter_v1_PolicyScope__Output } from '../../augmenter/v1/PolicyScope.ts';
import type { Mode as _augmenter_v1_Mode, Mode__Output as _augmenter_v1_Mode__Output } from '../../augmenter/v1/Mode.ts';
import type { AdvicePin as _augmenter_v1_AdvicePin, AdvicePin__Output as _augmenter_v1_AdvicePin__Output } from '../../augmenter/v1/AdvicePin.ts';
import type { AdviceLimits as _augmenter_v1_AdviceLimits, AdviceLimits__Output as _augmenter_v1_AdviceLimits__Output } from '../../augmenter/v1/AdviceLimits.ts';
import type { PolicyAuthor as _augmenter_v1_PolicyAuthor, PolicyAuthor__Output as _augmenter_v1_PolicyAuthor__Output } from '../../augmenter/v1/PolicyAuthor.ts';

export interface PolicyRule {
  'scope'?: (_augmenter_v1_PolicyScope | null);
  'mode'?: (_augmenter_v1_Mode);
  'pin'?: (_augmenter_v1_AdvicePin | null);
  'excluded'?: (boolean);
  'limits'?: (_augmenter_v1_AdviceLimits | null);
  'author'?: (_augmenter_v1_PolicyAuthor | null);
}

export interface PolicyRule__Output {
  'scope': (_augmenter_v1_PolicyScope__Output | null);
  'mode': (_augmenter_v1_Mode__Output);
  'pin': (_augmenter_v1_AdvicePin__Output | null);
  'excluded': (boolean);
  'limits': (_augmenter_v1_AdviceLimits__Output | null);
  'author': (_augmenter_v1_PolicyAuthor__Output | null);
}
