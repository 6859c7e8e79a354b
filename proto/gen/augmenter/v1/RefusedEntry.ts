// Original file: proto/augmenter/v1/telemetry.proto

import type { AdviceRefusal as _augmenter_v1_AdviceRefusal, AdviceRefusal__Output as _augmenter_v1_AdviceRefusal__Output } from '../../augmenter/v1/AdviceRefusal.ts';

export interface RefusedEntry {
  'index'?: (number);
  'refusal'?: (_augmenter_v1_AdviceRefusal);
}

export interface RefusedEntry__Output {
  'index': (number);
  'refusal': (_augmenter_v1_AdviceRefusal__Output);
}
