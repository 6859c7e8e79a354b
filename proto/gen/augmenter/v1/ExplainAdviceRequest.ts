// Original file: proto/augmenter/v1/explanation.proto


export interface ExplainAdviceRequest {
  'source'?: (string);
  'destination'?: (string);
}

export interface ExplainAdviceRequest__Output {
  'source': (string);
  'destination': (string);
}
