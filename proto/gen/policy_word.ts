import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AdviceAnswer as _augmenter_v1_AdviceAnswer, AdviceAnswer__Output as _augmenter_v1_AdviceAnswer__Output } from './augmenter/v1/AdviceAnswer.ts';
import type { AdviceEntry as _augmenter_v1_AdviceEntry, AdviceEntry__Output as _augmenter_v1_AdviceEntry__Output } from './augmenter/v1/AdviceEntry.ts';
import type { AdviceLimits as _augmenter_v1_AdviceLimits, AdviceLimits__Output as _augmenter_v1_AdviceLimits__Output } from './augmenter/v1/AdviceLimits.ts';
import type { AdvicePin as _augmenter_v1_AdvicePin, AdvicePin__Output as _augmenter_v1_AdvicePin__Output } from './augmenter/v1/AdvicePin.ts';
import type { AdviceUpdate as _augmenter_v1_AdviceUpdate, AdviceUpdate__Output as _augmenter_v1_AdviceUpdate__Output } from './augmenter/v1/AdviceUpdate.ts';
import type { DeletePolicyRuleRequest as _augmenter_v1_DeletePolicyRuleRequest, DeletePolicyRuleRequest__Output as _augmenter_v1_DeletePolicyRuleRequest__Output } from './augmenter/v1/DeletePolicyRuleRequest.ts';
import type { EffectivePolicy as _augmenter_v1_EffectivePolicy, EffectivePolicy__Output as _augmenter_v1_EffectivePolicy__Output } from './augmenter/v1/EffectivePolicy.ts';
import type { FailedJump as _augmenter_v1_FailedJump, FailedJump__Output as _augmenter_v1_FailedJump__Output } from './augmenter/v1/FailedJump.ts';
import type { GetEffectivePolicyRequest as _augmenter_v1_GetEffectivePolicyRequest, GetEffectivePolicyRequest__Output as _augmenter_v1_GetEffectivePolicyRequest__Output } from './augmenter/v1/GetEffectivePolicyRequest.ts';
import type { GetPolicyRequest as _augmenter_v1_GetPolicyRequest, GetPolicyRequest__Output as _augmenter_v1_GetPolicyRequest__Output } from './augmenter/v1/GetPolicyRequest.ts';
import type { HostAnnouncement as _augmenter_v1_HostAnnouncement, HostAnnouncement__Output as _augmenter_v1_HostAnnouncement__Output } from './augmenter/v1/HostAnnouncement.ts';
import type { HostEvent as _augmenter_v1_HostEvent, HostEvent__Output as _augmenter_v1_HostEvent__Output } from './augmenter/v1/HostEvent.ts';
import type { LeaderLease as _augmenter_v1_LeaderLease, LeaderLease__Output as _augmenter_v1_LeaderLease__Output } from './augmenter/v1/LeaderLease.ts';
import type { ListPolicyChangesRequest as _augmenter_v1_ListPolicyChangesRequest, ListPolicyChangesRequest__Output as _augmenter_v1_ListPolicyChangesRequest__Output } from './augmenter/v1/ListPolicyChangesRequest.ts';
import type { ListPolicyChangesResponse as _augmenter_v1_ListPolicyChangesResponse, ListPolicyChangesResponse__Output as _augmenter_v1_ListPolicyChangesResponse__Output } from './augmenter/v1/ListPolicyChangesResponse.ts';
import type { PathReport as _augmenter_v1_PathReport, PathReport__Output as _augmenter_v1_PathReport__Output } from './augmenter/v1/PathReport.ts';
import type { Policy as _augmenter_v1_Policy, Policy__Output as _augmenter_v1_Policy__Output } from './augmenter/v1/Policy.ts';
import type { PolicyAuthor as _augmenter_v1_PolicyAuthor, PolicyAuthor__Output as _augmenter_v1_PolicyAuthor__Output } from './augmenter/v1/PolicyAuthor.ts';
import type { PolicyChange as _augmenter_v1_PolicyChange, PolicyChange__Output as _augmenter_v1_PolicyChange__Output } from './augmenter/v1/PolicyChange.ts';
import type { PolicyRule as _augmenter_v1_PolicyRule, PolicyRule__Output as _augmenter_v1_PolicyRule__Output } from './augmenter/v1/PolicyRule.ts';
import type { PolicyScope as _augmenter_v1_PolicyScope, PolicyScope__Output as _augmenter_v1_PolicyScope__Output } from './augmenter/v1/PolicyScope.ts';
import type { PolicyServiceClient as _augmenter_v1_PolicyServiceClient, PolicyServiceDefinition as _augmenter_v1_PolicyServiceDefinition } from './augmenter/v1/PolicyService.ts';
import type { PolicyWord as _augmenter_v1_PolicyWord, PolicyWord__Output as _augmenter_v1_PolicyWord__Output } from './augmenter/v1/PolicyWord.ts';
import type { Prefix as _augmenter_v1_Prefix, Prefix__Output as _augmenter_v1_Prefix__Output } from './augmenter/v1/Prefix.ts';
import type { ReceiveNeed as _augmenter_v1_ReceiveNeed, ReceiveNeed__Output as _augmenter_v1_ReceiveNeed__Output } from './augmenter/v1/ReceiveNeed.ts';
import type { ReceiveNeeds as _augmenter_v1_ReceiveNeeds, ReceiveNeeds__Output as _augmenter_v1_ReceiveNeeds__Output } from './augmenter/v1/ReceiveNeeds.ts';
import type { RefusedEntry as _augmenter_v1_RefusedEntry, RefusedEntry__Output as _augmenter_v1_RefusedEntry__Output } from './augmenter/v1/RefusedEntry.ts';
import type { Sealed as _augmenter_v1_Sealed, Sealed__Output as _augmenter_v1_Sealed__Output } from './augmenter/v1/Sealed.ts';
import type { SetPolicyRuleRequest as _augmenter_v1_SetPolicyRuleRequest, SetPolicyRuleRequest__Output as _augmenter_v1_SetPolicyRuleRequest__Output } from './augmenter/v1/SetPolicyRuleRequest.ts';
import type { SnapshotRequest as _augmenter_v1_SnapshotRequest, SnapshotRequest__Output as _augmenter_v1_SnapshotRequest__Output } from './augmenter/v1/SnapshotRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  augmenter: {
    v1: {
      AdviceAnswer: MessageTypeDefinition<_augmenter_v1_AdviceAnswer, _augmenter_v1_AdviceAnswer__Output>
      AdviceEntry: MessageTypeDefinition<_augmenter_v1_AdviceEntry, _augmenter_v1_AdviceEntry__Output>
      AdviceLimits: MessageTypeDefinition<_augmenter_v1_AdviceLimits, _augmenter_v1_AdviceLimits__Output>
      AdvicePin: MessageTypeDefinition<_augmenter_v1_AdvicePin, _augmenter_v1_AdvicePin__Output>
      AdviceRefusal: EnumTypeDefinition
      AdviceUpdate: MessageTypeDefinition<_augmenter_v1_AdviceUpdate, _augmenter_v1_AdviceUpdate__Output>
      DeletePolicyRuleRequest: MessageTypeDefinition<_augmenter_v1_DeletePolicyRuleRequest, _augmenter_v1_DeletePolicyRuleRequest__Output>
      EffectivePolicy: MessageTypeDefinition<_augmenter_v1_EffectivePolicy, _augmenter_v1_EffectivePolicy__Output>
      FailedJump: MessageTypeDefinition<_augmenter_v1_FailedJump, _augmenter_v1_FailedJump__Output>
      GetEffectivePolicyRequest: MessageTypeDefinition<_augmenter_v1_GetEffectivePolicyRequest, _augmenter_v1_GetEffectivePolicyRequest__Output>
      GetPolicyRequest: MessageTypeDefinition<_augmenter_v1_GetPolicyRequest, _augmenter_v1_GetPolicyRequest__Output>
      HostAnnouncement: MessageTypeDefinition<_augmenter_v1_HostAnnouncement, _augmenter_v1_HostAnnouncement__Output>
      HostEvent: MessageTypeDefinition<_augmenter_v1_HostEvent, _augmenter_v1_HostEvent__Output>
      LeaderLease: MessageTypeDefinition<_augmenter_v1_LeaderLease, _augmenter_v1_LeaderLease__Output>
      ListPolicyChangesRequest: MessageTypeDefinition<_augmenter_v1_ListPolicyChangesRequest, _augmenter_v1_ListPolicyChangesRequest__Output>
      ListPolicyChangesResponse: MessageTypeDefinition<_augmenter_v1_ListPolicyChangesResponse, _augmenter_v1_ListPolicyChangesResponse__Output>
      Mode: EnumTypeDefinition
      PathReport: MessageTypeDefinition<_augmenter_v1_PathReport, _augmenter_v1_PathReport__Output>
      Policy: MessageTypeDefinition<_augmenter_v1_Policy, _augmenter_v1_Policy__Output>
      PolicyAuthor: MessageTypeDefinition<_augmenter_v1_PolicyAuthor, _augmenter_v1_PolicyAuthor__Output>
      PolicyChange: MessageTypeDefinition<_augmenter_v1_PolicyChange, _augmenter_v1_PolicyChange__Output>
      PolicyRule: MessageTypeDefinition<_augmenter_v1_PolicyRule, _augmenter_v1_PolicyRule__Output>
      PolicyScope: MessageTypeDefinition<_augmenter_v1_PolicyScope, _augmenter_v1_PolicyScope__Output>
      PolicyService: SubtypeConstructor<typeof grpc.Client, _augmenter_v1_PolicyServiceClient> & { service: _augmenter_v1_PolicyServiceDefinition }
      PolicyWord: MessageTypeDefinition<_augmenter_v1_PolicyWord, _augmenter_v1_PolicyWord__Output>
      Prefix: MessageTypeDefinition<_augmenter_v1_Prefix, _augmenter_v1_Prefix__Output>
      ReceiveNeed: MessageTypeDefinition<_augmenter_v1_ReceiveNeed, _augmenter_v1_ReceiveNeed__Output>
      ReceiveNeeds: MessageTypeDefinition<_augmenter_v1_ReceiveNeeds, _augmenter_v1_ReceiveNeeds__Output>
      RefusedEntry: MessageTypeDefinition<_augmenter_v1_RefusedEntry, _augmenter_v1_RefusedEntry__Output>
      Sealed: MessageTypeDefinition<_augmenter_v1_Sealed, _augmenter_v1_Sealed__Output>
      SetPolicyRuleRequest: MessageTypeDefinition<_augmenter_v1_SetPolicyRuleRequest, _augmenter_v1_SetPolicyRuleRequest__Output>
      SnapshotRequest: MessageTypeDefinition<_augmenter_v1_SnapshotRequest, _augmenter_v1_SnapshotRequest__Output>
    }
  }
}

