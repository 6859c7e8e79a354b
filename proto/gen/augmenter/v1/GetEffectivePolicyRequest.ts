// Original file: proto/augmenter/v1/policy_service.proto


export interface GetEffectivePolicyRequest {
  'source'?: (string);
  'destination'?: (string);
}

export interface GetEffectivePolicyRequest__Output {
  'source': (string);
  'destination': (string);
}
