// Original file: proto/augmenter/v1/path.proto


export interface PathFilter {
  'source'?: (string);
  'destination'?: (string);
}

export interface PathFilter__Output {
  'source': (string);
  'destination': (string);
}
