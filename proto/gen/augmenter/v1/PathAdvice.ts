// Original file: proto/augmenter/v1/path.proto

import type { Long } from '@grpc/proto-loader';

export interface PathAdvice {
  'windowSegments'?: (number);
  'pathRateBytesPerSecond'?: (number | string | Long);
  'receiveWindowBytes'?: (number);
  'minRttUs'?: (number);
  'reason'?: (string);
  'mode'?: (string);
  'capacityKnown'?: (boolean);
  'burstSegments'?: (number);
  'rtoMinUs'?: (number);
  'togetherSegments'?: (number);
  'togetherHosts'?: (number);
}

export interface PathAdvice__Output {
  'windowSegments': (number);
  'pathRateBytesPerSecond': (number);
  'receiveWindowBytes': (number);
  'minRttUs': (number);
  'reason': (string);
  'mode': (string);
  'capacityKnown': (boolean);
  'burstSegments': (number);
  'rtoMinUs': (number);
  'togetherSegments': (number);
  'togetherHosts': (number);
}
