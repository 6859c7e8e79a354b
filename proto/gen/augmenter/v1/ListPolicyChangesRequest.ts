// Original file: proto/augmenter/v1/policy_service.proto


export interface ListPolicyChangesRequest {
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListPolicyChangesRequest__Output {
  'pageSize': (number);
  'pageToken': (string);
}
