// Original file: proto/augmenter/v1/explanation.proto


export interface ExplainedStep {
  'name'?: (string);
  'formula'?: (string);
  'value'?: (number | string);
  'unit'?: (string);
}

export interface ExplainedStep__Output {
  'name': (string);
  'formula': (string);
  'value': (number);
  'unit': (string);
}
