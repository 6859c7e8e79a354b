// Original file: proto/augmenter/v1/policy.proto

import type { Long } from '@grpc/proto-loader';

export interface PolicyAuthor {
  'who'?: (string);
  'peer'?: (string);
  'changedUnixMs'?: (number | string | Long);
  'why'?: (string);
}

export interface PolicyAuthor__Output {
  'who': (string);
  'peer': (string);
  'changedUnixMs': (number);
  'why': (string);
}
