// Original file: proto/augmenter/v1/transfer.proto

import type { FirstWindow as _augmenter_v1_FirstWindow, FirstWindow__Output as _augmenter_v1_FirstWindow__Output } from '../../augmenter/v1/FirstWindow.ts';
import type { Long } from '@grpc/proto-loader';

export interface RankDestinationsRequest {
  'source'?: (string);
  'candidates'?: (string)[];
  'bytes'?: (number | string | Long);
  'concurrent'?: (number);
  'firstWindow'?: (_augmenter_v1_FirstWindow);
  'limit'?: (number);
}

export interface RankDestinationsRequest__Output {
  'source': (string);
  'candidates': (string)[];
  'bytes': (number);
  'concurrent': (number);
  'firstWindow': (_augmenter_v1_FirstWindow__Output);
  'limit': (number);
}
