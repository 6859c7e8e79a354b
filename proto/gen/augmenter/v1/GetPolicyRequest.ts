// Original file: proto/augmenter/v1/policy_service.proto


export interface GetPolicyRequest {
}

export interface GetPolicyRequest__Output {
}
