// Original file: proto/augmenter/v1/telemetry.proto

import type { AdviceRefusal as _augmenter_v1_AdviceRefusal, AdviceRefusal__Output as _augmenter_v1_AdviceRefusal__Output } from '../../augmenter/v1/AdviceRefusal.ts';
import type { RefusedEntry as _augmenter_v1_RefusedEntry, RefusedEntry__Output as _augmenter_v1_RefusedEntry__Output } from '../../augmenter/v1/RefusedEntry.ts';
import type { Long } from '@grpc/proto-loader';

export interface AdviceAnswer {
  'hostId'?: (string);
  'epoch'?: (number | string | Long);
  'term'?: (number | string | Long);
  'version'?: (number | string | Long);
  'refusal'?: (_augmenter_v1_AdviceRefusal);
  'refusedEntries'?: (_augmenter_v1_RefusedEntry)[];
}

export interface AdviceAnswer__Output {
  'hostId': (string);
  'epoch': (number);
  'term': (number);
  'version': (number);
  'refusal': (_augmenter_v1_AdviceRefusal__Output);
  'refusedEntries': (_augmenter_v1_RefusedEntry__Output)[];
}
