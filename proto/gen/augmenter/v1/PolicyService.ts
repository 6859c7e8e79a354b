// Original file: proto/augmenter/v1/policy_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DeletePolicyRuleRequest as _augmenter_v1_DeletePolicyRuleRequest, DeletePolicyRuleRequest__Output as _augmenter_v1_DeletePolicyRuleRequest__Output } from '../../augmenter/v1/DeletePolicyRuleRequest.ts';
import type { EffectivePolicy as _augmenter_v1_EffectivePolicy, EffectivePolicy__Output as _augmenter_v1_EffectivePolicy__Output } from '../../augmenter/v1/EffectivePolicy.ts';
import type { GetEffectivePolicyRequest as _augmenter_v1_GetEffectivePolicyRequest, GetEffectivePolicyRequest__Output as _augmenter_v1_GetEffectivePolicyRequest__Output } from '../../augmenter/v1/GetEffectivePolicyRequest.ts';
import type { GetPolicyRequest as _augmenter_v1_GetPolicyRequest, GetPolicyRequest__Output as _augmenter_v1_GetPolicyRequest__Output } from '../../augmenter/v1/GetPolicyRequest.ts';
import type { ListPolicyChangesRequest as _augmenter_v1_ListPolicyChangesRequest, ListPolicyChangesRequest__Output as _augmenter_v1_ListPolicyChangesRequest__Output } from '../../augmenter/v1/ListPolicyChangesRequest.ts';
import type { ListPolicyChangesResponse as _augmenter_v1_ListPolicyChangesResponse, ListPolicyChangesResponse__Output as _augmenter_v1_ListPolicyChangesResponse__Output } from '../../augmenter/v1/ListPolicyChangesResponse.ts';
import type { Policy as _augmenter_v1_Policy, Policy__Output as _augmenter_v1_Policy__Output } from '../../augmenter/v1/Policy.ts';
import type { SetPolicyRuleRequest as _augmenter_v1_SetPolicyRuleRequest, SetPolicyRuleRequest__Output as _augmenter_v1_SetPolicyRuleRequest__Output } from '../../augmenter/v1/SetPolicyRuleRequest.ts';

export interface PolicyServiceClient extends grpc.Client {
  DeletePolicyRule(argument: _augmenter_v1_DeletePolicyRuleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  DeletePolicyRule(argument: _augmenter_v1_DeletePolicyRuleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  DeletePolicyRule(argument: _augmenter_v1_DeletePolicyRuleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  DeletePolicyRule(argument: _augmenter_v1_DeletePolicyRuleRequest, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  deletePolicyRule(argument: _augmenter_v1_DeletePolicyRuleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  deletePolicyRule(argument: _augmenter_v1_DeletePolicyRuleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  deletePolicyRule(argument: _augmenter_v1_DeletePolicyRuleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  deletePolicyRule(argument: _augmenter_v1_DeletePolicyRuleRequest, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  
  GetEffectivePolicy(argument: _augmenter_v1_GetEffectivePolicyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_EffectivePolicy__Output>): grpc.ClientUnaryCall;
  GetEffectivePolicy(argument: _augmenter_v1_GetEffectivePolicyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_EffectivePolicy__Output>): grpc.ClientUnaryCall;
  GetEffectivePolicy(argument: _augmenter_v1_GetEffectivePolicyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_EffectivePolicy__Output>): grpc.ClientUnaryCall;
  GetEffectivePolicy(argument: _augmenter_v1_GetEffectivePolicyRequest, callback: grpc.requestCallback<_augmenter_v1_EffectivePolicy__Output>): grpc.ClientUnaryCall;
  getEffectivePolicy(argument: _augmenter_v1_GetEffectivePolicyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_EffectivePolicy__Output>): grpc.ClientUnaryCall;
  getEffectivePolicy(argument: _augmenter_v1_GetEffectivePolicyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_EffectivePolicy__Output>): grpc.ClientUnaryCall;
  getEffectivePolicy(argument: _augmenter_v1_GetEffectivePolicyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_EffectivePolicy__Output>): grpc.ClientUnaryCall;
  getEffectivePolicy(argument: _augmenter_v1_GetEffectivePolicyRequest, callback: grpc.requestCallback<_augmenter_v1_EffectivePolicy__Output>): grpc.ClientUnaryCall;
  
  GetPolicy(argument: _augmenter_v1_GetPolicyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  GetPolicy(argument: _augmenter_v1_GetPolicyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  GetPolicy(argument: _augmenter_v1_GetPolicyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  GetPolicy(argument: _augmenter_v1_GetPolicyRequest, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  getPolicy(argument: _augmenter_v1_GetPolicyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  getPolicy(argument: _augmenter_v1_GetPolicyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  getPolicy(argument: _augmenter_v1_GetPolicyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  getPolicy(argument: _augmenter_v1_GetPolicyRequest, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  
  ListPolicyChanges(argument: _augmenter_v1_ListPolicyChangesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPolicyChangesResponse__Output>): grpc.ClientUnaryCall;
  ListPolicyChanges(argument: _augmenter_v1_ListPolicyChangesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ListPolicyChangesResponse__Output>): grpc.ClientUnaryCall;
  ListPolicyChanges(argument: _augmenter_v1_ListPolicyChangesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPolicyChangesResponse__Output>): grpc.ClientUnaryCall;
  ListPolicyChanges(argument: _augmenter_v1_ListPolicyChangesRequest, callback: grpc.requestCallback<_augmenter_v1_ListPolicyChangesResponse__Output>): grpc.ClientUnaryCall;
  listPolicyChanges(argument: _augmenter_v1_ListPolicyChangesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPolicyChangesResponse__Output>): grpc.ClientUnaryCall;
  listPolicyChanges(argument: _augmenter_v1_ListPolicyChangesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ListPolicyChangesResponse__Output>): grpc.ClientUnaryCall;
  listPolicyChanges(argument: _augmenter_v1_ListPolicyChangesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPolicyChangesResponse__Output>): grpc.ClientUnaryCall;
  listPolicyChanges(argument: _augmenter_v1_ListPolicyChangesRequest, callback: grpc.requestCallback<_augmenter_v1_ListPolicyChangesResponse__Output>): grpc.ClientUnaryCall;
  
  SetPolicyRule(argument: _augmenter_v1_SetPolicyRuleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  SetPolicyRule(argument: _augmenter_v1_SetPolicyRuleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  SetPolicyRule(argument: _augmenter_v1_SetPolicyRuleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  SetPolicyRule(argument: _augmenter_v1_SetPolicyRuleRequest, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  setPolicyRule(argument: _augmenter_v1_SetPolicyRuleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  setPolicyRule(argument: _augmenter_v1_SetPolicyRuleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  setPolicyRule(argument: _augmenter_v1_SetPolicyRuleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  setPolicyRule(argument: _augmenter_v1_SetPolicyRuleRequest, callback: grpc.requestCallback<_augmenter_v1_Policy__Output>): grpc.ClientUnaryCall;
  
}

export interface PolicyServiceHandlers extends grpc.UntypedServiceImplementation {
  DeletePolicyRule: grpc.handleUnaryCall<_augmenter_v1_DeletePolicyRuleRequest__Output, _augmenter_v1_Policy>;
  
  GetEffectivePolicy: grpc.handleUnaryCall<_augmenter_v1_GetEffectivePolicyRequest__Output, _augmenter_v1_EffectivePolicy>;
  
  GetPolicy: grpc.handleUnaryCall<_augmenter_v1_GetPolicyRequest__Output, _augmenter_v1_Policy>;
  
  ListPolicyChanges: grpc.handleUnaryCall<_augmenter_v1_ListPolicyChangesRequest__Output, _augmenter_v1_ListPolicyChangesResponse>;
  
  SetPolicyRule: grpc.handleUnaryCall<_augmenter_v1_SetPolicyRuleRequest__Output, _augmenter_v1_Policy>;
  
}

export interface PolicyServiceDefinition extends grpc.ServiceDefinition {
  DeletePolicyRule: MethodDefinition<_augmenter_v1_DeletePolicyRuleRequest, _augmenter_v1_Policy, _augmenter_v1_DeletePolicyRuleRequest__Output, _augmenter_v1_Policy__Output>
  GetEffectivePolicy: MethodDefinition<_augmenter_v1_GetEffectivePolicyRequest, _augmenter_v1_EffectivePolicy, _augmenter_v1_GetEffectivePolicyRequest__Output, _augmenter_v1_EffectivePolicy__Output>
  GetPolicy: MethodDefinition<_augmenter_v1_GetPolicyRequest, _augmenter_v1_Policy, _augmenter_v1_GetPolicyRequest__Output, _augmenter_v1_Policy__Output>
  ListPolicyChanges: MethodDefinition<_augmenter_v1_ListPolicyChangesRequest, _augmenter_v1_ListPolicyChangesResponse, _augmenter_v1_ListPolicyChangesRequest__Output, _augmenter_v1_ListPolicyChangesResponse__Output>
  SetPolicyRule: MethodDefinition<_augmenter_v1_SetPolicyRuleRequest, _augmenter_v1_Policy, _augmenter_v1_SetPolicyRuleRequest__Output, _augmenter_v1_Policy__Output>
}
