// Original file: proto/augmenter/v1/host.proto

import type { Long } from '@grpc/proto-loader';

export interface HostTrouble {
  'kind'?: (string);
  'count'?: (number | string | Long);
}

export interface HostTrouble__Output {
  'kind': (string);
  'count': (number);
}
