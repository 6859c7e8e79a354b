// Original file: proto/augmenter/v1/explanation.proto

import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from '../../augmenter/v1/PathEstimate.ts';
import type { PathAdvice as _augmenter_v1_PathAdvice, PathAdvice__Output as _augmenter_v1_PathAdvice__Output } from '../../augmenter/v1/PathAdvice.ts';
import type { ExplainedValue as _augmenter_v1_ExplainedValue, ExplainedValue__Output as _augmenter_v1_ExplainedValue__Output } from '../../augmenter/v1/ExplainedValue.ts';
import type { ExplainedStep as _augmenter_v1_ExplainedStep, ExplainedStep__Output as _augmenter_v1_ExplainedStep__Output } from '../../augmenter/v1/ExplainedStep.ts';
import type { ExplainedBound as _augmenter_v1_ExplainedBound, ExplainedBound__Output as _augmenter_v1_ExplainedBound__Output } from '../../augmenter/v1/ExplainedBound.ts';
import type { FailedWindow as _augmenter_v1_FailedWindow, FailedWindow__Output as _augmenter_v1_FailedWindow__Output } from '../../augmenter/v1/FailedWindow.ts';
import type { Alternative as _augmenter_v1_Alternative, Alternative__Output as _augmenter_v1_Alternative__Output } from '../../augmenter/v1/Alternative.ts';
import type { EffectivePolicy as _augmenter_v1_EffectivePolicy, EffectivePolicy__Output as _augmenter_v1_EffectivePolicy__Output } from '../../augmenter/v1/EffectivePolicy.ts';

export interface ExplainAdviceResponse {
  'path'?: (_augmenter_v1_PathEstimate | null);
  'wanted'?: (_augmenter_v1_PathAdvice | null);
  'conclusion'?: (string);
  'inputs'?: (_augmenter_v1_ExplainedValue)[];
  'steps'?: (_augmenter_v1_ExplainedStep)[];
  'bounds'?: (_augmenter_v1_ExplainedBound)[];
  'failedWindows'?: (_augmenter_v1_FailedWindow)[];
  'alternatives'?: (_augmenter_v1_Alternative)[];
  'policy'?: (_augmenter_v1_EffectivePolicy | null);
  'hostMode'?: (string);
  'measuredElsewhere'?: (string)[];
}

export interface ExplainAdviceResponse__Output {
  'path': (_augmenter_v1_PathEstimate__Output | null);
  'wanted': (_augmenter_v1_PathAdvice__Output | null);
  'conclusion': (string);
  'inputs': (_augmenter_v1_ExplainedValue__Output)[];
  'steps': (_augmenter_v1_ExplainedStep__Output)[];
  'bounds': (_augmenter_v1_ExplainedBound__Output)[];
  'failedWindows': (_augmenter_v1_FailedWindow__Output)[];
  'alternatives': (_augmenter_v1_Alternative__Output)[];
  'policy': (_augmenter_v1_EffectivePolicy__Output | null);
  'hostMode': (string);
  'measuredElsewhere': (string)[];
}
