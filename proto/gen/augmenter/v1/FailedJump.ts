// Original file: proto/augmenter/v1/telemetry.proto

import type { Long } from '@grpc/proto-loader';

export interface FailedJump {
  'destination'?: (Buffer | Uint8Array | string);
  'adviceVersion'?: (number | string | Long);
  'windowSegments'?: (number);
  'segmentsDelivered'?: (number);
  'segmentsLost'?: (number);
}

export interface FailedJump__Output {
  'destination': (Buffer);
  'adviceVersion': (number);
  'windowSegments': (number);
  'segmentsDelivered': (number);
  'segmentsLost': (number);
}
