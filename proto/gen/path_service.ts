import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { GetPathRequest as _augmenter_v1_GetPathRequest, GetPathRequest__Output as _augmenter_v1_GetPathRequest__Output } from './augmenter/v1/GetPathRequest.ts';
import type { ListPathsRequest as _augmenter_v1_ListPathsRequest, ListPathsRequest__Output as _augmenter_v1_ListPathsRequest__Output } from './augmenter/v1/ListPathsRequest.ts';
import type { ListPathsResponse as _augmenter_v1_ListPathsResponse, ListPathsResponse__Output as _augmenter_v1_ListPathsResponse__Output } from './augmenter/v1/ListPathsResponse.ts';
import type { PathAdvice as _augmenter_v1_PathAdvice, PathAdvice__Output as _augmenter_v1_PathAdvice__Output } from './augmenter/v1/PathAdvice.ts';
import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from './augmenter/v1/PathEstimate.ts';
import type { PathFilter as _augmenter_v1_PathFilter, PathFilter__Output as _augmenter_v1_PathFilter__Output } from './augmenter/v1/PathFilter.ts';
import type { PathKey as _augmenter_v1_PathKey, PathKey__Output as _augmenter_v1_PathKey__Output } from './augmenter/v1/PathKey.ts';
import type { PathServiceClient as _augmenter_v1_PathServiceClient, PathServiceDefinition as _augmenter_v1_PathServiceDefinition } from './augmenter/v1/PathService.ts';
import type { PathUpdate as _augmenter_v1_PathUpdate, PathUpdate__Output as _augmenter_v1_PathUpdate__Output } from './augmenter/v1/PathUpdate.ts';
import type { SnapshotEnd as _augmenter_v1_SnapshotEnd, SnapshotEnd__Output as _augmenter_v1_SnapshotEnd__Output } from './augmenter/v1/SnapshotEnd.ts';
import type { WatchPathsRequest as _augmenter_v1_WatchPathsRequest, WatchPathsRequest__Output as _augmenter_v1_WatchPathsRequest__Output } from './augmenter/v1/WatchPathsRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  augmenter: {
    v1: {
      GetPathRequest: MessageTypeDefinition<_augmenter_v1_GetPathRequest, _augmenter_v1_GetPathRequest__Output>
      ListPathsRequest: MessageTypeDefinition<_augmenter_v1_ListPathsRequest, _augmenter_v1_ListPathsRequest__Output>
      ListPathsResponse: MessageTypeDefinition<_augmenter_v1_ListPathsResponse, _augmenter_v1_ListPathsResponse__Output>
      PathAdvice: MessageTypeDefinition<_augmenter_v1_PathAdvice, _augmenter_v1_PathAdvice__Output>
      PathEstimate: MessageTypeDefinition<_augmenter_v1_PathEstimate, _augmenter_v1_PathEstimate__Output>
      PathFilter: MessageTypeDefinition<_augmenter_v1_PathFilter, _augmenter_v1_PathFilter__Output>
      PathKey: MessageTypeDefinition<_augmenter_v1_PathKey, _augmenter_v1_PathKey__Output>
      PathService: SubtypeConstructor<typeof grpc.Client, _augmenter_v1_PathServiceClient> & { service: _augmenter_v1_PathServiceDefinition }
      PathUpdate: MessageTypeDefinition<_augmenter_v1_PathUpdate, _augmenter_v1_PathUpdate__Output>
      Provenance: EnumTypeDefinition
      SnapshotEnd: MessageTypeDefinition<_augmenter_v1_SnapshotEnd, _augmenter_v1_SnapshotEnd__Output>
      WatchPathsRequest: MessageTypeDefinition<_augmenter_v1_WatchPathsRequest, _augmenter_v1_WatchPathsRequest__Output>
    }
  }
}

