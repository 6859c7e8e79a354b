// Original file: proto/augmenter/v1/path_service.proto


export interface BatchGetPathsRequest {
  'sources'?: (string)[];
  'destinations'?: (string)[];
  'sourceIndexes'?: (number)[];
  'destinationIndexes'?: (number)[];
}

export interface BatchGetPathsRequest__Output {
  'sources': (string)[];
  'destinations': (string)[];
  'sourceIndexes': (number)[];
  'destinationIndexes': (number)[];
}
