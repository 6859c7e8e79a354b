// Original file: proto/augmenter/v1/path_service.proto


export interface GetPathRequest {
  'source'?: (string);
  'destination'?: (string);
}

export interface GetPathRequest__Output {
  'source': (string);
  'destination': (string);
}
