// Original file: proto/augmenter/v1/telemetry.proto

import type { AdviceEntry as _augmenter_v1_AdviceEntry, AdviceEntry__Output as _augmenter_v1_AdviceEntry__Output } from '../../augmenter/v1/AdviceEntry.ts';
import type { Prefix as _augmenter_v1_Prefix, Prefix__Output as _augmenter_v1_Prefix__Output } from '../../augmenter/v1/Prefix.ts';
import type { Long } from '@grpc/proto-loader';

export interface AdviceUpdate {
  'hostId'?: (string);
  'term'?: (number | string | Long);
  'version'?: (number | string | Long);
  'baseVersion'?: (number | string | Long);
  'snapshot'?: (boolean);
  'ttlMs'?: (number);
  'notAfterUnixMs'?: (number | string | Long);
  'entries'?: (_augmenter_v1_AdviceEntry)[];
  'withdrawn'?: (_augmenter_v1_Prefix)[];
  'baseTerm'?: (number | string | Long);
}

export interface AdviceUpdate__Output {
  'hostId': (string);
  'term': (number);
  'version': (number);
  'baseVersion': (number);
  'snapshot': (boolean);
  'ttlMs': (number);
  'notAfterUnixMs': (number);
  'entries': (_augmenter_v1_AdviceEntry__Output)[];
  'withdrawn': (_augmenter_v1_Prefix__Output)[];
  'baseTerm': (number);
}
