import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AdviceAnswer as _augmenter_v1_AdviceAnswer, AdviceAnswer__Output as _augmenter_v1_AdviceAnswer__Output } from './augmenter/v1/AdviceAnswer.ts';
import type { AdviceEntry as _augmenter_v1_AdviceEntry, AdviceEntry__Output as _augmenter_v1_AdviceEntry__Output } from './augmenter/v1/AdviceEntry.ts';
import type { AdviceUpdate as _augmenter_v1_AdviceUpdate, AdviceUpdate__Output as _augmenter_v1_AdviceUpdate__Output } from './augmenter/v1/AdviceUpdate.ts';
import type { FailedJump as _augmenter_v1_FailedJump, FailedJump__Output as _augmenter_v1_FailedJump__Output } from './augmenter/v1/FailedJump.ts';
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
import type { PathReport as _augmenter_v1_PathReport, PathReport__Output as _augmenter_v1_PathReport__Output } from './augmenter/v1/PathReport.ts';
import type { Prefix as _augmenter_v1_Prefix, Prefix__Output as _augmenter_v1_Prefix__Output } from './augmenter/v1/Prefix.ts';
import type { ReceiveNeed as _augmenter_v1_ReceiveNeed, ReceiveNeed__Output as _augmenter_v1_ReceiveNeed__Output } from './augmenter/v1/ReceiveNeed.ts';
import type { ReceiveNeeds as _augmenter_v1_ReceiveNeeds, ReceiveNeeds__Output as _augmenter_v1_ReceiveNeeds__Output } from './augmenter/v1/ReceiveNeeds.ts';
import type { RefusedEntry as _augmenter_v1_RefusedEntry, RefusedEntry__Output as _augmenter_v1_RefusedEntry__Output } from './augmenter/v1/RefusedEntry.ts';
import type { Sealed as _augmenter_v1_Sealed, Sealed__Output as _augmenter_v1_Sealed__Output } from './augmenter/v1/Sealed.ts';
import type { SnapshotBegin as _augmenter_v1_SnapshotBegin, SnapshotBegin__Output as _augmenter_v1_SnapshotBegin__Output } from './augmenter/v1/SnapshotBegin.ts';
import type { SnapshotEnd as _augmenter_v1_SnapshotEnd, SnapshotEnd__Output as _augmenter_v1_SnapshotEnd__Output } from './augmenter/v1/SnapshotEnd.ts';
import type { SnapshotRequest as _augmenter_v1_SnapshotRequest, SnapshotRequest__Output as _augmenter_v1_SnapshotRequest__Output } from './augmenter/v1/SnapshotRequest.ts';
import type { TroubleReason as _augmenter_v1_TroubleReason, TroubleReason__Output as _augmenter_v1_TroubleReason__Output } from './augmenter/v1/TroubleReason.ts';
import type { ViewVersion as _augmenter_v1_ViewVersion, ViewVersion__Output as _augmenter_v1_ViewVersion__Output } from './augmenter/v1/ViewVersion.ts';
import type { WatchHostsRequest as _augmenter_v1_WatchHostsRequest, WatchHostsRequest__Output as _augmenter_v1_WatchHostsRequest__Output } from './augmenter/v1/WatchHostsRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  augmenter: {
    v1: {
      AdviceAnswer: MessageTypeDefinition<_augmenter_v1_AdviceAnswer, _augmenter_v1_AdviceAnswer__Output>
      AdviceEntry: MessageTypeDefinition<_augmenter_v1_AdviceEntry, _augmenter_v1_AdviceEntry__Output>
      AdviceRefusal: EnumTypeDefinition
      AdviceUpdate: MessageTypeDefinition<_augmenter_v1_AdviceUpdate, _augmenter_v1_AdviceUpdate__Output>
      FailedJump: MessageTypeDefinition<_augmenter_v1_FailedJump, _augmenter_v1_FailedJump__Output>
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
      Mode: EnumTypeDefinition
      PathReport: MessageTypeDefinition<_augmenter_v1_PathReport, _augmenter_v1_PathReport__Output>
      Prefix: MessageTypeDefinition<_augmenter_v1_Prefix, _augmenter_v1_Prefix__Output>
      ReceiveNeed: MessageTypeDefinition<_augmenter_v1_ReceiveNeed, _augmenter_v1_ReceiveNeed__Output>
      ReceiveNeeds: MessageTypeDefinition<_augmenter_v1_ReceiveNeeds, _augmenter_v1_ReceiveNeeds__Output>
      RefusedEntry: MessageTypeDefinition<_augmenter_v1_RefusedEntry, _augmenter_v1_RefusedEntry__Output>
      Sealed: MessageTypeDefinition<_augmenter_v1_Sealed, _augmenter_v1_Sealed__Output>
      SnapshotBegin: MessageTypeDefinition<_augmenter_v1_SnapshotBegin, _augmenter_v1_SnapshotBegin__Output>
      SnapshotEnd: MessageTypeDefinition<_augmenter_v1_SnapshotEnd, _augmenter_v1_SnapshotEnd__Output>
      SnapshotRequest: MessageTypeDefinition<_augmenter_v1_SnapshotRequest, _augmenter_v1_SnapshotRequest__Output>
      TroubleReason: MessageTypeDefinition<_augmenter_v1_TroubleReason, _augmenter_v1_TroubleReason__Output>
      ViewVersion: MessageTypeDefinition<_augmenter_v1_ViewVersion, _augmenter_v1_ViewVersion__Output>
      WatchHostsRequest: MessageTypeDefinition<_augmenter_v1_WatchHostsRequest, _augmenter_v1_WatchHostsRequest__Output>
    }
  }
}

