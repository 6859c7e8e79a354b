// Original file: proto/augmenter/v1/matrix.proto

import type { MatrixLevel as _augmenter_v1_MatrixLevel, MatrixLevel__Output as _augmenter_v1_MatrixLevel__Output } from '../../augmenter/v1/MatrixLevel.ts';

export interface GetMatrixRequest {
  'level'?: (_augmenter_v1_MatrixLevel);
  'sources'?: (string)[];
  'destinations'?: (string)[];
}

export interface GetMatrixRequest__Output {
  'level': (_augmenter_v1_MatrixLevel__Output);
  'sources': (string)[];
  'destinations': (string)[];
}
