// Original file: proto/augmenter/v1/explanation.proto


export interface ExplainedBound {
  'name'?: (string);
  'limit'?: (number | string);
  'value'?: (number | string);
  'unit'?: (string);
  'hit'?: (boolean);
}

export interface ExplainedBound__Output {
  'name': (string);
  'limit': (number);
  'value': (number);
  'unit': (string);
  'hit': (boolean);
}
