// Original file: proto/augmenter/v1/telemetry.proto


export interface ReceiveNeed {
  'source'?: (string);
  'receiveWindowBytes'?: (number);
}

export interface ReceiveNeed__Output {
  'source': (string);
  'receiveWindowBytes': (number);
}
