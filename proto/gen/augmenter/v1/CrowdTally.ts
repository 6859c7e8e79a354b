// Original file: proto/augmenter/v1/peer_word.proto

import type { Long } from '@grpc/proto-loader';

export interface CrowdTally {
  'receiver'?: (string);
  'intervalMs'?: (number);
  'rows'?: (number | string | Long);
  'sent'?: (number | string | Long);
  'retransmitted'?: (number | string | Long);
  'lossRows'?: (number | string | Long);
  'lossFlights'?: (number | string);
  'connections'?: (number | string | Long);
  'burstsLost'?: (number | string | Long);
  'burstSegments'?: (number | string);
  'filledRows'?: (number | string | Long);
  'queuedRows'?: (number | string | Long);
}

export interface CrowdTally__Output {
  'receiver': (string);
  'intervalMs': (number);
  'rows': (number);
  'sent': (number);
  'retransmitted': (number);
  'lossRows': (number);
  'lossFlights': (number);
  'connections': (number);
  'burstsLost': (number);
  'burstSegments': (number);
  'filledRows': (number);
  'queuedRows': (number);
}
