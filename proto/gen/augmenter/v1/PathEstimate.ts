// Original file: proto/augmenter/v1/path.proto

import type { PathKey as _augmenter_v1_PathKey, PathKey__Output as _augmenter_v1_PathKey__Output } from '../../augmenter/v1/PathKey.ts';
import type { Provenance as _augmenter_v1_Provenance, Provenance__Output as _augmenter_v1_Provenance__Output } from '../../augmenter/v1/Provenance.ts';
import type { PathAdvice as _augmenter_v1_PathAdvice, PathAdvice__Output as _augmenter_v1_PathAdvice__Output } from '../../augmenter/v1/PathAdvice.ts';
import type { Long } from '@grpc/proto-loader';

export interface PathEstimate {
  'path'?: (_augmenter_v1_PathKey | null);
  'provenance'?: (_augmenter_v1_Provenance);
  'confidence'?: (number | string);
  'ageSeconds'?: (number | string);
  'rttSamples'?: (number | string | Long);
  'rateSamples'?: (number | string | Long);
  'minRttUs'?: (number);
  'rttP50Us'?: (number);
  'rttP95Us'?: (number);
  'rateBytesPerSecond'?: (number | string | Long);
  'lossRatio'?: (number | string);
  'bdpBytes'?: (number | string | Long);
  'advice'?: (_augmenter_v1_PathAdvice | null);
  'connections'?: (number | string | Long);
  'windowsGranted'?: (number | string | Long);
  'windowsFailed'?: (number | string | Long);
  'sourceRack'?: (string);
  'sourceZone'?: (string);
  'destinationHost'?: (string);
  'destinationRack'?: (string);
  'destinationZone'?: (string);
  'measuredElsewhere'?: (string)[];
}

export interface PathEstimate__Output {
  'path': (_augmenter_v1_PathKey__Output | null);
  'provenance': (_augmenter_v1_Provenance__Output);
  'confidence': (number);
  'ageSeconds': (number);
  'rttSamples': (number);
  'rateSamples': (number);
  'minRttUs': (number);
  'rttP50Us': (number);
  'rttP95Us': (number);
  'rateBytesPerSecond': (number);
  'lossRatio': (number);
  'bdpBytes': (number);
  'advice': (_augmenter_v1_PathAdvice__Output | null);
  'connections': (number);
  'windowsGranted': (number);
  'windowsFailed': (number);
  'sourceRack': (string);
  'sourceZone': (string);
  'destinationHost': (string);
  'destinationRack': (string);
  'destinationZone': (string);
  'measuredElsewhere': (string)[];
}
