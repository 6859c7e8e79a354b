import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AdviceAnswer as _augmenter_v1_AdviceAnswer, AdviceAnswer__Output as _augmenter_v1_AdviceAnswer__Output } from './augmenter/v1/AdviceAnswer.ts';
import type { AdviceEntry as _augmenter_v1_AdviceEntry, AdviceEntry__Output as _augmenter_v1_AdviceEntry__Output } from './augmenter/v1/AdviceEntry.ts';
import type { AdviceLimits as _augmenter_v1_AdviceLimits, AdviceLimits__Output as _augmenter_v1_AdviceLimits__Output } from './augmenter/v1/AdviceLimits.ts';
import type { AdvicePin as _augmenter_v1_AdvicePin, AdvicePin__Output as _augmenter_v1_AdvicePin__Output } from './augmenter/v1/AdvicePin.ts';
import type { AdviceUpdate as _augmenter_v1_AdviceUpdate, AdviceUpdate__Output as _augmenter_v1_AdviceUpdate__Output } from './augmenter/v1/AdviceUpdate.ts';
import type { Alternative as _augmenter_v1_Alternative, Alternative__Output as _augmenter_v1_Alternative__Output } from './augmenter/v1/Alternative.ts';
import type { EffectivePolicy as _augmenter_v1_EffectivePolicy, EffectivePolicy__Output as _augmenter_v1_EffectivePolicy__Output } from './augmenter/v1/EffectivePolicy.ts';
import type { ExplainAdviceRequest as _augmenter_v1_ExplainAdviceRequest, ExplainAdviceRequest__Output as _augmenter_v1_ExplainAdviceRequest__Output } from './augmenter/v1/ExplainAdviceRequest.ts';
import type { ExplainAdviceResponse as _augmenter_v1_ExplainAdviceResponse, ExplainAdviceResponse__Output as _augmenter_v1_ExplainAdviceResponse__Output } from './augmenter/v1/ExplainAdviceResponse.ts';
import type { ExplainedBound as _augmenter_v1_ExplainedBound, ExplainedBound__Output as _augmenter_v1_ExplainedBound__Output } from './augmenter/v1/ExplainedBound.ts';
import type { ExplainedStep as _augmenter_v1_ExplainedStep, ExplainedStep__Output as _augmenter_v1_ExplainedStep__Output } from './augmenter/v1/ExplainedStep.ts';
import type { ExplainedValue as _augmenter_v1_ExplainedValue, ExplainedValue__Output as _augmenter_v1_ExplainedValue__Output } from './augmenter/v1/ExplainedValue.ts';
import type { FailedJump as _augmenter_v1_FailedJump, FailedJump__Output as _augmenter_v1_FailedJump__Output } from './augmenter/v1/FailedJump.ts';
import type { FailedWindow as _augmenter_v1_FailedWindow, FailedWindow__Output as _augmenter_v1_FailedWindow__Output } from './augmenter/v1/FailedWindow.ts';
import type { HostAnnouncement as _augmenter_v1_HostAnnouncement, HostAnnouncement__Output as _augmenter_v1_HostAnnouncement__Output } from './augmenter/v1/HostAnnouncement.ts';
import type { HostEvent as _augmenter_v1_HostEvent, HostEvent__Output as _augmenter_v1_HostEvent__Output } from './augmenter/v1/HostEvent.ts';
import type { LeaderLease as _augmenter_v1_LeaderLease, LeaderLease__Output as _augmenter_v1_LeaderLease__Output } from './augmenter/v1/LeaderLease.ts';
import type { PathAdvice as _augmenter_v1_PathAdvice, PathAdvice__Output as _augmenter_v1_PathAdvice__Output } from './augmenter/v1/PathAdvice.ts';
import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from './augmenter/v1/PathEstimate.ts';
import type { PathFilter as _augmenter_v1_PathFilter, PathFilter__Output as _augmenter_v1_PathFilter__Output } from './augmenter/v1/PathFilter.ts';
import type { PathKey as _augmenter_v1_PathKey, PathKey__Output as _augmenter_v1_PathKey__Output } from './augmenter/v1/PathKey.ts';
import type { PathReport as _augmenter_v1_PathReport, PathReport__Output as _augmenter_v1_PathReport__Output } from './augmenter/v1/PathReport.ts';
import type { PolicyAuthor as _augmenter_v1_PolicyAuthor, PolicyAuthor__Output as _augmenter_v1_PolicyAuthor__Output } from './augmenter/v1/PolicyAuthor.ts';
import type { PolicyRule as _augmenter_v1_PolicyRule, PolicyRule__Output as _augmenter_v1_PolicyRule__Output } from './augmenter/v1/PolicyRule.ts';
import type { PolicyScope as _augmenter_v1_PolicyScope, PolicyScope__Output as _augmenter_v1_PolicyScope__Output } from './augmenter/v1/PolicyScope.ts';
import type { Prefix as _augmenter_v1_Prefix, Prefix__Output as _augmenter_v1_Prefix__Output } from './augmenter/v1/Prefix.ts';
import type { ReceiveNeed as _augmenter_v1_ReceiveNeed, ReceiveNeed__Output as _augmenter_v1_ReceiveNeed__Output } from './augmenter/v1/ReceiveNeed.ts';
import type { ReceiveNeeds as _augmenter_v1_ReceiveNeeds, ReceiveNeeds__Output as _augmenter_v1_ReceiveNeeds__Output } from './augmenter/v1/ReceiveNeeds.ts';
import type { RefusedEntry as _augmenter_v1_RefusedEntry, RefusedEntry__Output as _augmenter_v1_RefusedEntry__Output } from './augmenter/v1/RefusedEntry.ts';
import type { Sealed as _augmenter_v1_Sealed, Sealed__Output as _augmenter_v1_Sealed__Output } from './augmenter/v1/Sealed.ts';
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
      Alternative: MessageTypeDefinition<_augmenter_v1_Alternative, _augmenter_v1_Alternative__Output>
      EffectivePolicy: MessageTypeDefinition<_augmenter_v1_EffectivePolicy, _augmenter_v1_EffectivePolicy__Output>
      ExplainAdviceRequest: MessageTypeDefinition<_augmenter_v1_ExplainAdviceRequest, _augmenter_v1_ExplainAdviceRequest__Output>
      ExplainAdviceResponse: MessageTypeDefinition<_augmenter_v1_ExplainAdviceResponse, _augmenter_v1_ExplainAdviceResponse__Output>
      ExplainedBound: MessageTypeDefinition<_augmenter_v1_ExplainedBound, _augmenter_v1_ExplainedBound__Output>
      ExplainedStep: MessageTypeDefinition<_augmenter_v1_ExplainedStep, _augmenter_v1_ExplainedStep__Output>
      ExplainedValue: MessageTypeDefinition<_augmenter_v1_ExplainedValue, _augmenter_v1_ExplainedValue__Output>
      FailedJump: MessageTypeDefinition<_augmenter_v1_FailedJump, _augmenter_v1_FailedJump__Output>
      FailedWindow: MessageTypeDefinition<_augmenter_v1_FailedWindow, _augmenter_v1_FailedWindow__Output>
      HostAnnouncement: MessageTypeDefinition<_augmenter_v1_HostAnnouncement, _augmenter_v1_HostAnnouncement__Output>
      HostEvent: MessageTypeDefinition<_augmenter_v1_HostEvent, _augmenter_v1_HostEvent__Output>
      LeaderLease: MessageTypeDefinition<_augmenter_v1_LeaderLease, _augmenter_v1_LeaderLease__Output>
      Mode: EnumTypeDefinition
      PathAdvice: MessageTypeDefinition<_augmenter_v1_PathAdvice, _augmenter_v1_PathAdvice__Output>
      PathEstimate: MessageTypeDefinition<_augmenter_v1_PathEstimate, _augmenter_v1_PathEstimate__Output>
      PathFilter: MessageTypeDefinition<_augmenter_v1_PathFilter, _augmenter_v1_PathFilter__Output>
      PathKey: MessageTypeDefinition<_augmenter_v1_PathKey, _augmenter_v1_PathKey__Output>
      PathReport: MessageTypeDefinition<_augmenter_v1_PathReport, _augmenter_v1_PathReport__Output>
      PolicyAuthor: MessageTypeDefinition<_augmenter_v1_PolicyAuthor, _augmenter_v1_PolicyAuthor__Output>
      PolicyRule: MessageTypeDefinition<_augmenter_v1_PolicyRule, _augmenter_v1_PolicyRule__Output>
      PolicyScope: MessageTypeDefinition<_augmenter_v1_PolicyScope, _augmenter_v1_PolicyScope__Output>
      Prefix: MessageTypeDefinition<_augmenter_v1_Prefix, _augmenter_v1_Prefix__Output>
      Provenance: EnumTypeDefinition
      ReceiveNeed: MessageTypeDefinition<_augmenter_v1_ReceiveNeed, _augmenter_v1_ReceiveNeed__Output>
      ReceiveNeeds: MessageTypeDefinition<_augmenter_v1_ReceiveNeeds, _augmenter_v1_ReceiveNeeds__Output>
      RefusedEntry: MessageTypeDefinition<_augmenter_v1_RefusedEntry, _augmenter_v1_RefusedEntry__Output>
      Sealed: MessageTypeDefinition<_augmenter_v1_Sealed, _augmenter_v1_Sealed__Output>
      SnapshotRequest: MessageTypeDefinition<_augmenter_v1_SnapshotRequest, _augmenter_v1_SnapshotRequest__Output>
    }
  }
}

