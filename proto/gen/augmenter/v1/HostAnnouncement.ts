// Original file: proto/augmenter/v1/telemetry.proto

import type { Mode as _augmenter_v1_Mode, Mode__Output as _augmenter_v1_Mode__Output } from '../../augmenter/v1/Mode.ts';
import type { Long } from '@grpc/proto-loader';

export interface HostAnnouncement {
  'hostId'?: (string);
  'epoch'?: (number | string | Long);
  'rack'?: (string);
  'zone'?: (string);
  'addresses'?: (Buffer | Uint8Array | string);
  'linkBytesPerSecond'?: (number | string | Long);
  'agentVersion'?: (string);
  'kernelRelease'?: (string);
  'mode'?: (_augmenter_v1_Mode);
  'reportIntervalMs'?: (number);
  'adviceTerm'?: (number | string | Long);
  'adviceVersion'?: (number | string | Long);
}

export interface HostAnnouncement__Output {
  'hostId': (string);
  'epoch': (number);
  'rack': (string);
  'zone': (string);
  'addresses': (Buffer);
  'linkBytesPerSecond': (number);
  'agentVersion': (string);
  'kernelRelease': (string);
  'mode': (_augmenter_v1_Mode__Output);
  'reportIntervalMs': (number);
  'adviceTerm': (number);
  'adviceVersion': (number);
}
