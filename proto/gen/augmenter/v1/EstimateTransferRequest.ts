// Original file: proto/augmenter/v1/transfer.proto

import type { FirstWindow as _augmenter_v1_FirstWindow, FirstWindow__Output as _augmenter_v1_FirstWindow__Output } from '../../augmenter/v1/FirstWindow.ts';
import type { Long } from '@grpc/proto-loader';

export interface EstimateTransferRequest {
  'source'?: (string);
  'destination'?: (string);
  'bytes'?: (number | string | Long);
  'concurrent'?: (number);
  'firstWindow'?: (_augmenter_v1_FirstWindow);
}

export interface EstimateTransferRequest__Output {
  'source': (string);
  'destination': (string);
  'bytes': (number);
  'concurrent': (number);
  'firstWindow': (_augmenter_v1_FirstWindow__Output);
}
