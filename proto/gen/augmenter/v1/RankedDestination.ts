// Original file: proto/augmenter/v1/transfer.proto

import type { TransferEstimate as _augmenter_v1_TransferEstimate, TransferEstimate__Output as _augmenter_v1_TransferEstimate__Output } from '../../augmenter/v1/TransferEstimate.ts';

export interface RankedDestination {
  'candidate'?: (string);
  'index'?: (number);
  'estimate'?: (_augmenter_v1_TransferEstimate | null);
}

export interface RankedDestination__Output {
  'candidate': (string);
  'index': (number);
  'estimate': (_augmenter_v1_TransferEstimate__Output | null);
}
