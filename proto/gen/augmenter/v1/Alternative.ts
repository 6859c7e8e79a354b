// Original file: proto/augmenter/v1/explanation.proto

import type { PathAdvice as _augmenter_v1_PathAdvice, PathAdvice__Output as _augmenter_v1_PathAdvice__Output } from '../../augmenter/v1/PathAdvice.ts';

export interface Alternative {
  'without'?: (string);
  'advice'?: (_augmenter_v1_PathAdvice | null);
}

export interface Alternative__Output {
  'without': (string);
  'advice': (_augmenter_v1_PathAdvice__Output | null);
}
