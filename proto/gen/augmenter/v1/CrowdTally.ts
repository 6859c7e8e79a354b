// Original file: proto/augmenter/v1/peer_word.proto

import type { Long } from '@grpc/proto-loader';

export interface CrowdTally {
  'receiver'?: (string);
  'intervalMs'?: (number);
  'rows'?: (number | string | Long);
  'lossRows'?: (number | string | Long);
  'lossFlights'?: (number | string);
  'filledRows'?: (number | string | Long);
  'queuedRows'?: (number | string | Long);
  'lossShares'?: (number | string);
  'lossShareHighest'?: (number | string);
  'burstShares'?: (number | string);
  'burstShareHighest'?: (number | string);
  'burstRows'?: (number | string | Long);
  'burstSegments'?: (number | string);
  'lossFlightHighest'?: (number | string);
}

export interface CrowdTally__Output {
  'receiver': (string);
  'intervalMs': (number);
  'rows': (number);
  'lossRows': (number);
  'lossFlights': (number);
  'filledRows': (number);
  'queuedRows': (number);
  'lossShares': (number);
  'lossShareHighest': (number);
  'burstShares': (number);
  'burstShareHighest': (number);
  'burstRows': (number);
  'burstSegments': (number);
  'lossFlightHighest': (number);
}
