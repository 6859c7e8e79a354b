// Original file: proto/augmenter/v1/watch.proto

import type { Long } from '@grpc/proto-loader';

export interface ViewVersion {
  'epoch'?: (number | string | Long);
  'number'?: (number | string | Long);
}

export interface ViewVersion__Output {
  'epoch': (number);
  'number': (number);
}
