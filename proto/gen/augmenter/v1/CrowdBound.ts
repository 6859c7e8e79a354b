// Original file: proto/augmenter/v1/peer_word.proto


export interface CrowdBound {
  'receiver'?: (string);
  'hosts'?: (number);
  'segments'?: (number | string);
  'firstSegments'?: (number | string);
}

export interface CrowdBound__Output {
  'receiver': (string);
  'hosts': (number);
  'segments': (number);
  'firstSegments': (number);
}
