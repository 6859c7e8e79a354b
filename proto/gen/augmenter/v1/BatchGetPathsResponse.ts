// Original file: proto/augmenter/v1/path_service.proto

import type { Provenance as _augmenter_v1_Provenance, Provenance__Output as _augmenter_v1_Provenance__Output } from '../../augmenter/v1/Provenance.ts';

export interface BatchGetPathsResponse {
  'provenance'?: (_augmenter_v1_Provenance)[];
  'confidence'?: (number | string)[];
  'ageSeconds'?: (number | string)[];
  'minRttUs'?: (number)[];
  'rttP50Us'?: (number)[];
  'rttP95Us'?: (number)[];
  'rateBytesPerSecond'?: (number | string)[];
  'lossRatio'?: (number | string)[];
  'samples'?: (number)[];
  'windowSegments'?: (number)[];
  'measuredElsewhere'?: (string)[];
}

export interface BatchGetPathsResponse__Output {
  'provenance': (_augmenter_v1_Provenance__Output)[];
  'confidence': (number)[];
  'ageSeconds': (number)[];
  'minRttUs': (number)[];
  'rttP50Us': (number)[];
  'rttP95Us': (number)[];
  'rateBytesPerSecond': (number)[];
  'lossRatio': (number)[];
  'samples': (number)[];
  'windowSegments': (number)[];
  'measuredElsewhere': (string)[];
}
