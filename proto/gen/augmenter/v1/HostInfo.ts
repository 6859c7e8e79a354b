// Original file: proto/augmenter/v1/host.proto

import type { Mode as _augmenter_v1_Mode, Mode__Output as _augmenter_v1_Mode__Output } from '../../augmenter/v1/Mode.ts';
import type { HostTrouble as _augmenter_v1_HostTrouble, HostTrouble__Output as _augmenter_v1_HostTrouble__Output } from '../../augmenter/v1/HostTrouble.ts';
import type { Long } from '@grpc/proto-loader';

export interface HostInfo {
  'hostId'?: (string);
  'rack'?: (string);
  'zone'?: (string);
  'addresses'?: (string)[];
  'linkBytesPerSecond'?: (number | string | Long);
  'agentVersion'?: (string);
  'kernelRelease'?: (string);
  'mode'?: (_augmenter_v1_Mode);
  'policyMode'?: (_augmenter_v1_Mode);
  'reportIntervalMs'?: (number);
  'ageSeconds'?: (number | string);
  'clockOffsetMs'?: (number | string | Long);
  'adviceTerm'?: (number | string | Long);
  'adviceVersion'?: (number | string | Long);
  'adviceEntries'?: (number);
  'troubles'?: (_augmenter_v1_HostTrouble)[];
  'coordinateError'?: (number | string);
  '_coordinateError'?: "coordinateError";
}

export interface HostInfo__Output {
  'hostId': (string);
  'rack': (string);
  'zone': (string);
  'addresses': (string)[];
  'linkBytesPerSecond': (number);
  'agentVersion': (string);
  'kernelRelease': (string);
  'mode': (_augmenter_v1_Mode__Output);
  'policyMode': (_augmenter_v1_Mode__Output);
  'reportIntervalMs': (number);
  'ageSeconds': (number);
  'clockOffsetMs': (number);
  'adviceTerm': (number);
  'adviceVersion': (number);
  'adviceEntries': (number);
  'troubles': (_augmenter_v1_HostTrouble__Output)[];
  'coordinateError'?: (number);
  '_coordinateError'?: "coordinateError";
}
