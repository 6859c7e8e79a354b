// Original file: proto/augmenter/v1/telemetry.proto

import type { Long } from '@grpc/proto-loader';

export interface PathReport {
  'hostId'?: (string);
  'epoch'?: (number | string | Long);
  'sequence'?: (number | string | Long);
  'endedUnixMs'?: (number | string | Long);
  'intervalUs'?: (number);
  'reportsDropped'?: (number | string | Long);
  'columnWidths'?: (Buffer | Uint8Array | string);
  'narrowColumns'?: (Buffer | Uint8Array | string);
  'destinations'?: (Buffer | Uint8Array | string);
  'rttMinUs'?: (number)[];
  'rttP50Us'?: (number)[];
  'rttP95Us'?: (number)[];
  'rttSamples'?: (number)[];
  'saturatedBytesPerSecond'?: (number | string | Long)[];
  'saturatedSamples'?: (number)[];
  'unsaturatedBytesPerSecond'?: (number | string | Long)[];
  'unsaturatedSamples'?: (number)[];
  'bytesAcked'?: (number | string | Long)[];
  'segmentsSent'?: (number)[];
  'segmentsRetransmitted'?: (number)[];
  'segmentsMarked'?: (number)[];
  'connectionsOpened'?: (number)[];
  'connectionsBusyMax'?: (number)[];
  'mssBytes'?: (number)[];
  'windowsGranted'?: (number)[];
  'windowsCompleted'?: (number)[];
  'windowsFailed'?: (number)[];
  'pacingFilled'?: (number)[];
  'pacingMissed'?: (number)[];
  'trainBytesPerSecond'?: (number | string | Long)[];
  'trainSamples'?: (number)[];
  'burstsKept'?: (number)[];
  'burstsLost'?: (number)[];
  'burstKeptHighest'?: (number)[];
  'burstLostMean'?: (number)[];
  'hostsTogether'?: (number)[];
  'lossFlightHighest'?: (number)[];
}

export interface PathReport__Output {
  'hostId': (string);
  'epoch': (number);
  'sequence': (number);
  'endedUnixMs': (number);
  'intervalUs': (number);
  'reportsDropped': (number);
  'columnWidths': (Buffer);
  'narrowColumns': (Buffer);
  'destinations': (Buffer);
  'rttMinUs': (number)[];
  'rttP50Us': (number)[];
  'rttP95Us': (number)[];
  'rttSamples': (number)[];
  'saturatedBytesPerSecond': (number)[];
  'saturatedSamples': (number)[];
  'unsaturatedBytesPerSecond': (number)[];
  'unsaturatedSamples': (number)[];
  'bytesAcked': (number)[];
  'segmentsSent': (number)[];
  'segmentsRetransmitted': (number)[];
  'segmentsMarked': (number)[];
  'connectionsOpened': (number)[];
  'connectionsBusyMax': (number)[];
  'mssBytes': (number)[];
  'windowsGranted': (number)[];
  'windowsCompleted': (number)[];
  'windowsFailed': (number)[];
  'pacingFilled': (number)[];
  'pacingMissed': (number)[];
  'trainBytesPerSecond': (number)[];
  'trainSamples': (number)[];
  'burstsKept': (number)[];
  'burstsLost': (number)[];
  'burstKeptHighest': (number)[];
  'burstLostMean': (number)[];
  'hostsTogether': (number)[];
  'lossFlightHighest': (number)[];
}
