// Original file: proto/augmenter/v1/policy_service.proto


export interface GetPolicyRequest {
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface GetPolicyRequest__Output {
  'pageSize': (number);
  'pageToken': (string);
}
