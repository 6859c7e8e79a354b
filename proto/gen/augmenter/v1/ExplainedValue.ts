// Original file: proto/augmenter/v1/explanation.proto


export interface ExplainedValue {
  'name'?: (string);
  'value'?: (number | string);
  'unit'?: (string);
  'origin'?: (string);
}

export interface ExplainedValue__Output {
  'name': (string);
  'value': (number);
  'unit': (string);
  'origin': (string);
}
