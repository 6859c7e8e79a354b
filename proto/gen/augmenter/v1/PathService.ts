// Original file: proto/augmenter/v1/path_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetPathRequest as _augmenter_v1_GetPathRequest, GetPathRequest__Output as _augmenter_v1_GetPathRequest__Output } from '../../augmenter/v1/GetPathRequest.ts';
import type { ListPathsRequest as _augmenter_v1_ListPathsRequest, ListPathsRequest__Output as _augmenter_v1_ListPathsRequest__Output } from '../../augmenter/v1/ListPathsRequest.ts';
import type { ListPathsResponse as _augmenter_v1_ListPathsResponse, ListPathsResponse__Output as _augmenter_v1_ListPathsResponse__Output } from '../../augmenter/v1/ListPathsResponse.ts';
import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from '../../augmenter/v1/PathEstimate.ts';
import type { PathUpdate as _augmenter_v1_PathUpdate, PathUpdate__Output as _augmenter_v1_PathUpdate__Output } from '../../augmenter/v1/PathUpdate.ts';
import type { WatchPathsRequest as _augmenter_v1_WatchPathsRequest, WatchPathsRequest__Output as _augmenter_v1_WatchPathsRequest__Output } from '../../augmenter/v1/WatchPathsRequest.ts';

export interface PathServiceClient extends grpc.Client {
  GetPath(argument: _augmenter_v1_GetPathRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  GetPath(argument: _augmenter_v1_GetPathRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  GetPath(argument: _augmenter_v1_GetPathRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  GetPath(argument: _augmenter_v1_GetPathRequest, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  getPath(argument: _augmenter_v1_GetPathRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  getPath(argument: _augmenter_v1_GetPathRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  getPath(argument: _augmenter_v1_GetPathRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  getPath(argument: _augmenter_v1_GetPathRequest, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  
  ListPaths(argument: _augmenter_v1_ListPathsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  ListPaths(argument: _augmenter_v1_ListPathsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  ListPaths(argument: _augmenter_v1_ListPathsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  ListPaths(argument: _augmenter_v1_ListPathsRequest, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  listPaths(argument: _augmenter_v1_ListPathsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  listPaths(argument: _augmenter_v1_ListPathsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  listPaths(argument: _augmenter_v1_ListPathsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  listPaths(argument: _augmenter_v1_ListPathsRequest, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  
  WatchPaths(argument: _augmenter_v1_WatchPathsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_PathUpdate__Output>;
  WatchPaths(argument: _augmenter_v1_WatchPathsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_PathUpdate__Output>;
  watchPaths(argument: _augmenter_v1_WatchPathsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_PathUpdate__Output>;
  watchPaths(argument: _augmenter_v1_WatchPathsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_PathUpdate__Output>;
  
}

export interface PathServiceHandlers extends grpc.UntypedServiceImplementation {
  GetPath: grpc.handleUnaryCall<_augmenter_v1_GetPathRequest__Output, _augmenter_v1_PathEstimate>;
  
  ListPaths: grpc.handleUnaryCall<_augmenter_v1_ListPathsRequest__Output, _augmenter_v1_ListPathsResponse>;
  
  WatchPaths: grpc.handleServerStreamingCall<_augmenter_v1_WatchPathsRequest__Output, _augmenter_v1_PathUpdate>;
  
}

export interface PathServiceDefinition extends grpc.ServiceDefinition {
  GetPath: MethodDefinition<_augmenter_v1_GetPathRequest, _augmenter_v1_PathEstimate, _augmenter_v1_GetPathRequest__Output, _augmenter_v1_PathEstimate__Output>
  ListPaths: MethodDefinition<_augmenter_v1_ListPathsRequest, _augmenter_v1_ListPathsResponse, _augmenter_v1_ListPathsRequest__Output, _augmenter_v1_ListPathsResponse__Output>
  WatchPaths: MethodDefinition<_augmenter_v1_WatchPathsRequest, _augmenter_v1_PathUpdate, _augmenter_v1_WatchPathsRequest__Output, _augmenter_v1_PathUpdate__Output>
}
