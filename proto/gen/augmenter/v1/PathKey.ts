// Original file: proto/augmenter/v1/path.proto


export interface PathKey {
  'source'?: (string);
  'destination'?: (string);
}

export interface PathKey__Output {
  'source': (string);
  'destination': (string);
}
