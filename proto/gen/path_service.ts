import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AdviceAnswer as _augmenter_v1_AdviceAnswer, AdviceAnswer__Output as _augmenter_v1_AdviceAnswer__Output } from './augmenter/v1/AdviceAnswer.ts';
import type { AdviceEntry as _augmenter_v1_AdviceEntry, AdviceEntry__Output as _augmenter_v1_AdviceEntry__Output } from './augmenter/v1/AdviceEntry.ts';
import type { AdviceLimits as _augmenter_v1_AdviceLimits, AdviceLimits__Output as _augmenter_v1_AdviceLimits__Output } from './augmenter/v1/AdviceLimits.ts';
import type { AdvicePin as _augmenter_v1_AdvicePin, AdvicePin__Output as _augmenter_v1_AdvicePin__Output } from './augmenter/v1/AdvicePin.ts';
import type { AdviceUpdate as _augmenter_v1_AdviceUpdate, AdviceUpdate__Output as _augmenter_v1_AdviceUpdate__Output } from './augmenter/v1/AdviceUpdate.ts';
import type { Alternative as _augmenter_v1_Alternative, Alternative__Output as _augmenter_v1_Alternative__Output } from './augmenter/v1/Alternative.ts';
import type { BatchGetPathsRequest as _augmenter_v1_BatchGetPathsRequest, BatchGetPathsRequest__Output as _augmenter_v1_BatchGetPathsRequest__Output } from './augmenter/v1/BatchGetPathsRequest.ts';
import type { BatchGetPathsResponse as _augmenter_v1_BatchGetPathsResponse, BatchGetPathsResponse__Output as _augmenter_v1_BatchGetPathsResponse__Output } from './augmenter/v1/BatchGetPathsResponse.ts';
import type { EffectivePolicy as _augmenter_v1_EffectivePolicy, EffectivePolicy__Output as _augmenter_v1_EffectivePolicy__Output } from './augmenter/v1/EffectivePolicy.ts';
import type { EstimateTransferRequest as _augmenter_v1_EstimateTransferRequest, EstimateTransferRequest__Output as _augmenter_v1_EstimateTransferRequest__Output } from './augmenter/v1/EstimateTransferRequest.ts';
import type { ExplainAdviceRequest as _augmenter_v1_ExplainAdviceRequest, ExplainAdviceRequest__Output as _augmenter_v1_ExplainAdviceRequest__Output } from './augmenter/v1/ExplainAdviceRequest.ts';
import type { ExplainAdviceResponse as _augmenter_v1_ExplainAdviceResponse, ExplainAdviceResponse__Output as _augmenter_v1_ExplainAdviceResponse__Output } from './augmenter/v1/ExplainAdviceResponse.ts';
import type { ExplainedBound as _augmenter_v1_ExplainedBound, ExplainedBound__Output as _augmenter_v1_ExplainedBound__Output } from './augmenter/v1/ExplainedBound.ts';
import type { ExplainedStep as _augmenter_v1_ExplainedStep, ExplainedStep__Output as _augmenter_v1_ExplainedStep__Output } from './augmenter/v1/ExplainedStep.ts';
import type { ExplainedValue as _augmenter_v1_ExplainedValue, ExplainedValue__Output as _augmenter_v1_ExplainedValue__Output } from './augmenter/v1/ExplainedValue.ts';
import type { FailedJump as _augmenter_v1_FailedJump, FailedJump__Output as _augmenter_v1_FailedJump__Output } from './augmenter/v1/FailedJump.ts';
import type { FailedWindow as _augmenter_v1_FailedWindow, FailedWindow__Output as _augmenter_v1_FailedWindow__Output } from './augmenter/v1/FailedWindow.ts';
import type { GetMatrixRequest as _augmenter_v1_GetMatrixRequest, GetMatrixRequest__Output as _augmenter_v1_GetMatrixRequest__Output } from './augmenter/v1/GetMatrixRequest.ts';
import type { GetMatrixResponse as _augmenter_v1_GetMatrixResponse, GetMatrixResponse__Output as _augmenter_v1_GetMatrixResponse__Output } from './augmenter/v1/GetMatrixResponse.ts';
import type { GetPathRequest as _augmenter_v1_GetPathRequest, GetPathRequest__Output as _augmenter_v1_GetPathRequest__Output } from './augmenter/v1/GetPathRequest.ts';
import type { Heartbeat as _augmenter_v1_Heartbeat, Heartbeat__Output as _augmenter_v1_Heartbeat__Output } from './augmenter/v1/Heartbeat.ts';
import type { HostAnnouncement as _augmenter_v1_HostAnnouncement, HostAnnouncement__Output as _augmenter_v1_HostAnnouncement__Output } from './augmenter/v1/HostAnnouncement.ts';
import type { HostEvent as _augmenter_v1_HostEvent, HostEvent__Output as _augmenter_v1_HostEvent__Output } from './augmenter/v1/HostEvent.ts';
import type { HostFilter as _augmenter_v1_HostFilter, HostFilter__Output as _augmenter_v1_HostFilter__Output } from './augmenter/v1/HostFilter.ts';
import type { HostInfo as _augmenter_v1_HostInfo, HostInfo__Output as _augmenter_v1_HostInfo__Output } from './augmenter/v1/HostInfo.ts';
import type { HostTrouble as _augmenter_v1_HostTrouble, HostTrouble__Output as _augmenter_v1_HostTrouble__Output } from './augmenter/v1/HostTrouble.ts';
import type { HostUpdate as _augmenter_v1_HostUpdate, HostUpdate__Output as _augmenter_v1_HostUpdate__Output } from './augmenter/v1/HostUpdate.ts';
import type { LeaderLease as _augmenter_v1_LeaderLease, LeaderLease__Output as _augmenter_v1_LeaderLease__Output } from './augmenter/v1/LeaderLease.ts';
import type { ListHostsRequest as _augmenter_v1_ListHostsRequest, ListHostsRequest__Output as _augmenter_v1_ListHostsRequest__Output } from './augmenter/v1/ListHostsRequest.ts';
import type { ListHostsResponse as _augmenter_v1_ListHostsResponse, ListHostsResponse__Output as _augmenter_v1_ListHostsResponse__Output } from './augmenter/v1/ListHostsResponse.ts';
import type { ListPathsRequest as _augmenter_v1_ListPathsRequest, ListPathsRequest__Output as _augmenter_v1_ListPathsRequest__Output } from './augmenter/v1/ListPathsRequest.ts';
import type { ListPathsResponse as _augmenter_v1_ListPathsResponse, ListPathsResponse__Output as _augmenter_v1_ListPathsResponse__Output } from './augmenter/v1/ListPathsResponse.ts';
import type { PathAdvice as _augmenter_v1_PathAdvice, PathAdvice__Output as _augmenter_v1_PathAdvice__Output } from './augmenter/v1/PathAdvice.ts';
import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from './augmenter/v1/PathEstimate.ts';
import type { PathFilter as _augmenter_v1_PathFilter, PathFilter__Output as _augmenter_v1_PathFilter__Output } from './augmenter/v1/PathFilter.ts';
import type { PathKey as _augmenter_v1_PathKey, PathKey__Output as _augmenter_v1_PathKey__Output } from './augmenter/v1/PathKey.ts';
import type { PathReport as _augmenter_v1_PathReport, PathReport__Output as _augmenter_v1_PathReport__Output } from './augmenter/v1/PathReport.ts';
import type { PathServiceClient as _augmenter_v1_PathServiceClient, PathServiceDefinition as _augmenter_v1_PathServiceDefinition } from './augmenter/v1/PathService.ts';
import type { PathUpdate as _augmenter_v1_PathUpdate, PathUpdate__Output as _augmenter_v1_PathUpdate__Output } from './augmenter/v1/PathUpdate.ts';
import type { PolicyAuthor as _augmenter_v1_PolicyAuthor, PolicyAuthor__Output as _augmenter_v1_PolicyAuthor__Output } from './augmenter/v1/PolicyAuthor.ts';
import type { PolicyRule as _augmenter_v1_PolicyRule, PolicyRule__Output as _augmenter_v1_PolicyRule__Output } from './augmenter/v1/PolicyRule.ts';
import type { PolicyScope as _augmenter_v1_PolicyScope, PolicyScope__Output as _augmenter_v1_PolicyScope__Output } from './augmenter/v1/PolicyScope.ts';
import type { Prefix as _augmenter_v1_Prefix, Prefix__Output as _augmenter_v1_Prefix__Output } from './augmenter/v1/Prefix.ts';
import type { RankDestinationsRequest as _augmenter_v1_RankDestinationsRequest, RankDestinationsRequest__Output as _augmenter_v1_RankDestinationsRequest__Output } from './augmenter/v1/RankDestinationsRequest.ts';
import type { RankDestinationsResponse as _augmenter_v1_RankDestinationsResponse, RankDestinationsResponse__Output as _augmenter_v1_RankDestinationsResponse__Output } from './augmenter/v1/RankDestinationsResponse.ts';
import type { RankedDestination as _augmenter_v1_RankedDestination, RankedDestination__Output as _augmenter_v1_RankedDestination__Output } from './augmenter/v1/RankedDestination.ts';
import type { ReceiveNeed as _augmenter_v1_ReceiveNeed, ReceiveNeed__Output as _augmenter_v1_ReceiveNeed__Output } from './augmenter/v1/ReceiveNeed.ts';
import type { ReceiveNeeds as _augmenter_v1_ReceiveNeeds, ReceiveNeeds__Output as _augmenter_v1_ReceiveNeeds__Output } from './augmenter/v1/ReceiveNeeds.ts';
import type { RefusedEntry as _augmenter_v1_RefusedEntry, RefusedEntry__Output as _augmenter_v1_RefusedEntry__Output } from './augmenter/v1/RefusedEntry.ts';
import type { Sealed as _augmenter_v1_Sealed, Sealed__Output as _augmenter_v1_Sealed__Output } from './augmenter/v1/Sealed.ts';
import type { SnapshotBegin as _augmenter_v1_SnapshotBegin, SnapshotBegin__Output as _augmenter_v1_SnapshotBegin__Output } from './augmenter/v1/SnapshotBegin.ts';
import type { SnapshotEnd as _augmenter_v1_SnapshotEnd, SnapshotEnd__Output as _augmenter_v1_SnapshotEnd__Output } from './augmenter/v1/SnapshotEnd.ts';
import type { SnapshotRequest as _augmenter_v1_SnapshotRequest, SnapshotRequest__Output as _augmenter_v1_SnapshotRequest__Output } from './augmenter/v1/SnapshotRequest.ts';
import type { TransferEstimate as _augmenter_v1_TransferEstimate, TransferEstimate__Output as _augmenter_v1_TransferEstimate__Output } from './augmenter/v1/TransferEstimate.ts';
import type { TroubleReason as _augmenter_v1_TroubleReason, TroubleReason__Output as _augmenter_v1_TroubleReason__Output } from './augmenter/v1/TroubleReason.ts';
import type { ViewVersion as _augmenter_v1_ViewVersion, ViewVersion__Output as _augmenter_v1_ViewVersion__Output } from './augmenter/v1/ViewVersion.ts';
import type { WatchHostsRequest as _augmenter_v1_WatchHostsRequest, WatchHostsRequest__Output as _augmenter_v1_WatchHostsRequest__Output } from './augmenter/v1/WatchHostsRequest.ts';
import type { WatchPathsRequest as _augmenter_v1_WatchPathsRequest, WatchPathsRequest__Output as _augmenter_v1_WatchPathsRequest__Output } from './augmenter/v1/WatchPathsRequest.ts';

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
      BatchGetPathsRequest: MessageTypeDefinition<_augmenter_v1_BatchGetPathsRequest, _augmenter_v1_BatchGetPathsRequest__Output>
      BatchGetPathsResponse: MessageTypeDefinition<_augmenter_v1_BatchGetPathsResponse, _augmenter_v1_BatchGetPathsResponse__Output>
      EffectivePolicy: MessageTypeDefinition<_augmenter_v1_EffectivePolicy, _augmenter_v1_EffectivePolicy__Output>
      EstimateTransferRequest: MessageTypeDefinition<_augmenter_v1_EstimateTransferRequest, _augmenter_v1_EstimateTransferRequest__Output>
      ExplainAdviceRequest: MessageTypeDefinition<_augmenter_v1_ExplainAdviceRequest, _augmenter_v1_ExplainAdviceRequest__Output>
      ExplainAdviceResponse: MessageTypeDefinition<_augmenter_v1_ExplainAdviceResponse, _augmenter_v1_ExplainAdviceResponse__Output>
      ExplainedBound: MessageTypeDefinition<_augmenter_v1_ExplainedBound, _augmenter_v1_ExplainedBound__Output>
      ExplainedStep: MessageTypeDefinition<_augmenter_v1_ExplainedStep, _augmenter_v1_ExplainedStep__Output>
      ExplainedValue: MessageTypeDefinition<_augmenter_v1_ExplainedValue, _augmenter_v1_ExplainedValue__Output>
      FailedJump: MessageTypeDefinition<_augmenter_v1_FailedJump, _augmenter_v1_FailedJump__Output>
      FailedWindow: MessageTypeDefinition<_augmenter_v1_FailedWindow, _augmenter_v1_FailedWindow__Output>
      FirstWindow: EnumTypeDefinition
      GetMatrixRequest: MessageTypeDefinition<_augmenter_v1_GetMatrixRequest, _augmenter_v1_GetMatrixRequest__Output>
      GetMatrixResponse: MessageTypeDefinition<_augmenter_v1_GetMatrixResponse, _augmenter_v1_GetMatrixResponse__Output>
      GetPathRequest: MessageTypeDefinition<_augmenter_v1_GetPathRequest, _augmenter_v1_GetPathRequest__Output>
      Heartbeat: MessageTypeDefinition<_augmenter_v1_Heartbeat, _augmenter_v1_Heartbeat__Output>
      HostAnnouncement: MessageTypeDefinition<_augmenter_v1_HostAnnouncement, _augmenter_v1_HostAnnouncement__Output>
      HostEvent: MessageTypeDefinition<_augmenter_v1_HostEvent, _augmenter_v1_HostEvent__Output>
      HostFilter: MessageTypeDefinition<_augmenter_v1_HostFilter, _augmenter_v1_HostFilter__Output>
      HostInfo: MessageTypeDefinition<_augmenter_v1_HostInfo, _augmenter_v1_HostInfo__Output>
      HostTrouble: MessageTypeDefinition<_augmenter_v1_HostTrouble, _augmenter_v1_HostTrouble__Output>
      HostUpdate: MessageTypeDefinition<_augmenter_v1_HostUpdate, _augmenter_v1_HostUpdate__Output>
      LeaderLease: MessageTypeDefinition<_augmenter_v1_LeaderLease, _augmenter_v1_LeaderLease__Output>
      ListHostsRequest: MessageTypeDefinition<_augmenter_v1_ListHostsRequest, _augmenter_v1_ListHostsRequest__Output>
      ListHostsResponse: MessageTypeDefinition<_augmenter_v1_ListHostsResponse, _augmenter_v1_ListHostsResponse__Output>
      ListPathsRequest: MessageTypeDefinition<_augmenter_v1_ListPathsRequest, _augmenter_v1_ListPathsRequest__Output>
      ListPathsResponse: MessageTypeDefinition<_augmenter_v1_ListPathsResponse, _augmenter_v1_ListPathsResponse__Output>
      MatrixLevel: EnumTypeDefinition
      Mode: EnumTypeDefinition
      PathAdvice: MessageTypeDefinition<_augmenter_v1_PathAdvice, _augmenter_v1_PathAdvice__Output>
      PathEstimate: MessageTypeDefinition<_augmenter_v1_PathEstimate, _augmenter_v1_PathEstimate__Output>
      PathFilter: MessageTypeDefinition<_augmenter_v1_PathFilter, _augmenter_v1_PathFilter__Output>
      PathKey: MessageTypeDefinition<_augmenter_v1_PathKey, _augmenter_v1_PathKey__Output>
      PathReport: MessageTypeDefinition<_augmenter_v1_PathReport, _augmenter_v1_PathReport__Output>
      PathService: SubtypeConstructor<typeof grpc.Client, _augmenter_v1_PathServiceClient> & { service: _augmenter_v1_PathServiceDefinition }
      PathUpdate: MessageTypeDefinition<_augmenter_v1_PathUpdate, _augmenter_v1_PathUpdate__Output>
      PolicyAuthor: MessageTypeDefinition<_augmenter_v1_PolicyAuthor, _augmenter_v1_PolicyAuthor__Output>
      PolicyRule: MessageTypeDefinition<_augmenter_v1_PolicyRule, _augmenter_v1_PolicyRule__Output>
      PolicyScope: MessageTypeDefinition<_augmenter_v1_PolicyScope, _augmenter_v1_PolicyScope__Output>
      Prefix: MessageTypeDefinition<_augmenter_v1_Prefix, _augmenter_v1_Prefix__Output>
      Provenance: EnumTypeDefinition
      RankDestinationsRequest: MessageTypeDefinition<_augmenter_v1_RankDestinationsRequest, _augmenter_v1_RankDestinationsRequest__Output>
      RankDestinationsResponse: MessageTypeDefinition<_augmenter_v1_RankDestinationsResponse, _augmenter_v1_RankDestinationsResponse__Output>
      RankedDestination: MessageTypeDefinition<_augmenter_v1_RankedDestination, _augmenter_v1_RankedDestination__Output>
      ReceiveNeed: MessageTypeDefinition<_augmenter_v1_ReceiveNeed, _augmenter_v1_ReceiveNeed__Output>
      ReceiveNeeds: MessageTypeDefinition<_augmenter_v1_ReceiveNeeds, _augmenter_v1_ReceiveNeeds__Output>
      RefusedEntry: MessageTypeDefinition<_augmenter_v1_RefusedEntry, _augmenter_v1_RefusedEntry__Output>
      Sealed: MessageTypeDefinition<_augmenter_v1_Sealed, _augmenter_v1_Sealed__Output>
      SnapshotBegin: MessageTypeDefinition<_augmenter_v1_SnapshotBegin, _augmenter_v1_SnapshotBegin__Output>
      SnapshotEnd: MessageTypeDefinition<_augmenter_v1_SnapshotEnd, _augmenter_v1_SnapshotEnd__Output>
      SnapshotRequest: MessageTypeDefinition<_augmenter_v1_SnapshotRequest, _augmenter_v1_SnapshotRequest__Output>
      TransferEstimate: MessageTypeDefinition<_augmenter_v1_TransferEstimate, _augmenter_v1_TransferEstimate__Output>
      TroubleReason: MessageTypeDefinition<_augmenter_v1_TroubleReason, _augmenter_v1_TroubleReason__Output>
      ViewVersion: MessageTypeDefinition<_augmenter_v1_ViewVersion, _augmenter_v1_ViewVersion__Output>
      WatchHostsRequest: MessageTypeDefinition<_augmenter_v1_WatchHostsRequest, _augmenter_v1_WatchHostsRequest__Output>
      WatchPathsRequest: MessageTypeDefinition<_augmenter_v1_WatchPathsRequest, _augmenter_v1_WatchPathsRequest__Output>
    }
  }
}

