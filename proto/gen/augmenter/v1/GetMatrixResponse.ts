// Original file: proto/augmenter/v1/matrix.proto

import type { Provenance as _augmenter_v1_Provenance, Provenance__Output as _augmenter_v1_Provenance__Output } from '../../augmenter/v1/Provenance.ts';

export interface GetMatrixResponse {
  'sources'?: (string)[];
  'destinations'?: (string)[];
  'provenance'?: (_augmenter_v1_Provenance)[];
  'minRttUs'?: (number)[];
  'rateBytesPerSecond'?: (number | string)[];
  'lossRatio'?: (number | string)[];
  'confidence'?: (number | string)[];
  'ageSeconds'?: (number | string)[];
  'paths'?: (number)[];
  'measuredElsewhere'?: (string)[];
}

export interface GetMatrixResponse__Output {
  'sources': (string)[];
  'destinations': (string)[];
  'provenance': (_augmenter_v1_Provenance__Output)[];
  'minRttUs': (number)[];
  'rateBytesPerSecond': (number)[];
  'lossRatio': (number)[];
  'confidence': (number)[];
  'ageSeconds': (number)[];
  'paths': (number)[];
  'measuredElsewhere': (string)[];
}
