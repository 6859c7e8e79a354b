// Original file: proto/augmenter/v1/path_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { BatchGetPathsRequest as _augmenter_v1_BatchGetPathsRequest, BatchGetPathsRequest__Output as _augmenter_v1_BatchGetPathsRequest__Output } from '../../augmenter/v1/BatchGetPathsRequest.ts';
import type { BatchGetPathsResponse as _augmenter_v1_BatchGetPathsResponse, BatchGetPathsResponse__Output as _augmenter_v1_BatchGetPathsResponse__Output } from '../../augmenter/v1/BatchGetPathsResponse.ts';
import type { EstimateTransferRequest as _augmenter_v1_EstimateTransferRequest, EstimateTransferRequest__Output as _augmenter_v1_EstimateTransferRequest__Output } from '../../augmenter/v1/EstimateTransferRequest.ts';
import type { ExplainAdviceRequest as _augmenter_v1_ExplainAdviceRequest, ExplainAdviceRequest__Output as _augmenter_v1_ExplainAdviceRequest__Output } from '../../augmenter/v1/ExplainAdviceRequest.ts';
import type { ExplainAdviceResponse as _augmenter_v1_ExplainAdviceResponse, ExplainAdviceResponse__Output as _augmenter_v1_ExplainAdviceResponse__Output } from '../../augmenter/v1/ExplainAdviceResponse.ts';
import type { GetMatrixRequest as _augmenter_v1_GetMatrixRequest, GetMatrixRequest__Output as _augmenter_v1_GetMatrixRequest__Output } from '../../augmenter/v1/GetMatrixRequest.ts';
import type { GetMatrixResponse as _augmenter_v1_GetMatrixResponse, GetMatrixResponse__Output as _augmenter_v1_GetMatrixResponse__Output } from '../../augmenter/v1/GetMatrixResponse.ts';
import type { GetPathRequest as _augmenter_v1_GetPathRequest, GetPathRequest__Output as _augmenter_v1_GetPathRequest__Output } from '../../augmenter/v1/GetPathRequest.ts';
import type { HostUpdate as _augmenter_v1_HostUpdate, HostUpdate__Output as _augmenter_v1_HostUpdate__Output } from '../../augmenter/v1/HostUpdate.ts';
import type { ListHostsRequest as _augmenter_v1_ListHostsRequest, ListHostsRequest__Output as _augmenter_v1_ListHostsRequest__Output } from '../../augmenter/v1/ListHostsRequest.ts';
import type { ListHostsResponse as _augmenter_v1_ListHostsResponse, ListHostsResponse__Output as _augmenter_v1_ListHostsResponse__Output } from '../../augmenter/v1/ListHostsResponse.ts';
import type { ListPathsRequest as _augmenter_v1_ListPathsRequest, ListPathsRequest__Output as _augmenter_v1_ListPathsRequest__Output } from '../../augmenter/v1/ListPathsRequest.ts';
import type { ListPathsResponse as _augmenter_v1_ListPathsResponse, ListPathsResponse__Output as _augmenter_v1_ListPathsResponse__Output } from '../../augmenter/v1/ListPathsResponse.ts';
import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from '../../augmenter/v1/PathEstimate.ts';
import type { PathUpdate as _augmenter_v1_PathUpdate, PathUpdate__Output as _augmenter_v1_PathUpdate__Output } from '../../augmenter/v1/PathUpdate.ts';
import type { RankDestinationsRequest as _augmenter_v1_RankDestinationsRequest, RankDestinationsRequest__Output as _augmenter_v1_RankDestinationsRequest__Output } from '../../augmenter/v1/RankDestinationsRequest.ts';
import type { RankDestinationsResponse as _augmenter_v1_RankDestinationsResponse, RankDestinationsResponse__Output as _augmenter_v1_RankDestinationsResponse__Output } from '../../augmenter/v1/RankDestinationsResponse.ts';
import type { TransferEstimate as _augmenter_v1_TransferEstimate, TransferEstimate__Output as _augmenter_v1_TransferEstimate__Output } from '../../augmenter/v1/TransferEstimate.ts';
import type { WatchHostsRequest as _augmenter_v1_WatchHostsRequest, WatchHostsRequest__Output as _augmenter_v1_WatchHostsRequest__Output } from '../../augmenter/v1/WatchHostsRequest.ts';
import type { WatchPathsRequest as _augmenter_v1_WatchPathsRequest, WatchPathsRequest__Output as _augmenter_v1_WatchPathsRequest__Output } from '../../augmenter/v1/WatchPathsRequest.ts';

export interface PathServiceClient extends grpc.Client {
  BatchGetPaths(argument: _augmenter_v1_BatchGetPathsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_BatchGetPathsResponse__Output>): grpc.ClientUnaryCall;
  BatchGetPaths(argument: _augmenter_v1_BatchGetPathsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_BatchGetPathsResponse__Output>): grpc.ClientUnaryCall;
  BatchGetPaths(argument: _augmenter_v1_BatchGetPathsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_BatchGetPathsResponse__Output>): grpc.ClientUnaryCall;
  BatchGetPaths(argument: _augmenter_v1_BatchGetPathsRequest, callback: grpc.requestCallback<_augmenter_v1_BatchGetPathsResponse__Output>): grpc.ClientUnaryCall;
  batchGetPaths(argument: _augmenter_v1_BatchGetPathsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_BatchGetPathsResponse__Output>): grpc.ClientUnaryCall;
  batchGetPaths(argument: _augmenter_v1_BatchGetPathsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_BatchGetPathsResponse__Output>): grpc.ClientUnaryCall;
  batchGetPaths(argument: _augmenter_v1_BatchGetPathsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_BatchGetPathsResponse__Output>): grpc.ClientUnaryCall;
  batchGetPaths(argument: _augmenter_v1_BatchGetPathsRequest, callback: grpc.requestCallback<_augmenter_v1_BatchGetPathsResponse__Output>): grpc.ClientUnaryCall;
  
  EstimateTransfer(argument: _augmenter_v1_EstimateTransferRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_TransferEstimate__Output>): grpc.ClientUnaryCall;
  EstimateTransfer(argument: _augmenter_v1_EstimateTransferRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_TransferEstimate__Output>): grpc.ClientUnaryCall;
  EstimateTransfer(argument: _augmenter_v1_EstimateTransferRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_TransferEstimate__Output>): grpc.ClientUnaryCall;
  EstimateTransfer(argument: _augmenter_v1_EstimateTransferRequest, callback: grpc.requestCallback<_augmenter_v1_TransferEstimate__Output>): grpc.ClientUnaryCall;
  estimateTransfer(argument: _augmenter_v1_EstimateTransferRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_TransferEstimate__Output>): grpc.ClientUnaryCall;
  estimateTransfer(argument: _augmenter_v1_EstimateTransferRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_TransferEstimate__Output>): grpc.ClientUnaryCall;
  estimateTransfer(argument: _augmenter_v1_EstimateTransferRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_TransferEstimate__Output>): grpc.ClientUnaryCall;
  estimateTransfer(argument: _augmenter_v1_EstimateTransferRequest, callback: grpc.requestCallback<_augmenter_v1_TransferEstimate__Output>): grpc.ClientUnaryCall;
  
  ExplainAdvice(argument: _augmenter_v1_ExplainAdviceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ExplainAdviceResponse__Output>): grpc.ClientUnaryCall;
  ExplainAdvice(argument: _augmenter_v1_ExplainAdviceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ExplainAdviceResponse__Output>): grpc.ClientUnaryCall;
  ExplainAdvice(argument: _augmenter_v1_ExplainAdviceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ExplainAdviceResponse__Output>): grpc.ClientUnaryCall;
  ExplainAdvice(argument: _augmenter_v1_ExplainAdviceRequest, callback: grpc.requestCallback<_augmenter_v1_ExplainAdviceResponse__Output>): grpc.ClientUnaryCall;
  explainAdvice(argument: _augmenter_v1_ExplainAdviceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ExplainAdviceResponse__Output>): grpc.ClientUnaryCall;
  explainAdvice(argument: _augmenter_v1_ExplainAdviceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ExplainAdviceResponse__Output>): grpc.ClientUnaryCall;
  explainAdvice(argument: _augmenter_v1_ExplainAdviceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ExplainAdviceResponse__Output>): grpc.ClientUnaryCall;
  explainAdvice(argument: _augmenter_v1_ExplainAdviceRequest, callback: grpc.requestCallback<_augmenter_v1_ExplainAdviceResponse__Output>): grpc.ClientUnaryCall;
  
  GetMatrix(argument: _augmenter_v1_GetMatrixRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_GetMatrixResponse__Output>): grpc.ClientUnaryCall;
  GetMatrix(argument: _augmenter_v1_GetMatrixRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_GetMatrixResponse__Output>): grpc.ClientUnaryCall;
  GetMatrix(argument: _augmenter_v1_GetMatrixRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_GetMatrixResponse__Output>): grpc.ClientUnaryCall;
  GetMatrix(argument: _augmenter_v1_GetMatrixRequest, callback: grpc.requestCallback<_augmenter_v1_GetMatrixResponse__Output>): grpc.ClientUnaryCall;
  getMatrix(argument: _augmenter_v1_GetMatrixRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_GetMatrixResponse__Output>): grpc.ClientUnaryCall;
  getMatrix(argument: _augmenter_v1_GetMatrixRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_GetMatrixResponse__Output>): grpc.ClientUnaryCall;
  getMatrix(argument: _augmenter_v1_GetMatrixRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_GetMatrixResponse__Output>): grpc.ClientUnaryCall;
  getMatrix(argument: _augmenter_v1_GetMatrixRequest, callback: grpc.requestCallback<_augmenter_v1_GetMatrixResponse__Output>): grpc.ClientUnaryCall;
  
  GetPath(argument: _augmenter_v1_GetPathRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  GetPath(argument: _augmenter_v1_GetPathRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  GetPath(argument: _augmenter_v1_GetPathRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  GetPath(argument: _augmenter_v1_GetPathRequest, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  getPath(argument: _augmenter_v1_GetPathRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  getPath(argument: _augmenter_v1_GetPathRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  getPath(argument: _augmenter_v1_GetPathRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  getPath(argument: _augmenter_v1_GetPathRequest, callback: grpc.requestCallback<_augmenter_v1_PathEstimate__Output>): grpc.ClientUnaryCall;
  
  ListHosts(argument: _augmenter_v1_ListHostsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  ListHosts(argument: _augmenter_v1_ListHostsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  ListHosts(argument: _augmenter_v1_ListHostsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  ListHosts(argument: _augmenter_v1_ListHostsRequest, callback: grpc.requestCallback<_augmenter_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _augmenter_v1_ListHostsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _augmenter_v1_ListHostsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _augmenter_v1_ListHostsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _augmenter_v1_ListHostsRequest, callback: grpc.requestCallback<_augmenter_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  
  ListPaths(argument: _augmenter_v1_ListPathsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  ListPaths(argument: _augmenter_v1_ListPathsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  ListPaths(argument: _augmenter_v1_ListPathsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  ListPaths(argument: _augmenter_v1_ListPathsRequest, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  listPaths(argument: _augmenter_v1_ListPathsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  listPaths(argument: _augmenter_v1_ListPathsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  listPaths(argument: _augmenter_v1_ListPathsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  listPaths(argument: _augmenter_v1_ListPathsRequest, callback: grpc.requestCallback<_augmenter_v1_ListPathsResponse__Output>): grpc.ClientUnaryCall;
  
  RankDestinations(argument: _augmenter_v1_RankDestinationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_RankDestinationsResponse__Output>): grpc.ClientUnaryCall;
  RankDestinations(argument: _augmenter_v1_RankDestinationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_RankDestinationsResponse__Output>): grpc.ClientUnaryCall;
  RankDestinations(argument: _augmenter_v1_RankDestinationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_RankDestinationsResponse__Output>): grpc.ClientUnaryCall;
  RankDestinations(argument: _augmenter_v1_RankDestinationsRequest, callback: grpc.requestCallback<_augmenter_v1_RankDestinationsResponse__Output>): grpc.ClientUnaryCall;
  rankDestinations(argument: _augmenter_v1_RankDestinationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_RankDestinationsResponse__Output>): grpc.ClientUnaryCall;
  rankDestinations(argument: _augmenter_v1_RankDestinationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_augmenter_v1_RankDestinationsResponse__Output>): grpc.ClientUnaryCall;
  rankDestinations(argument: _augmenter_v1_RankDestinationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_augmenter_v1_RankDestinationsResponse__Output>): grpc.ClientUnaryCall;
  rankDestinations(argument: _augmenter_v1_RankDestinationsRequest, callback: grpc.requestCallback<_augmenter_v1_RankDestinationsResponse__Output>): grpc.ClientUnaryCall;
  
  WatchHosts(argument: _augmenter_v1_WatchHostsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_HostUpdate__Output>;
  WatchHosts(argument: _augmenter_v1_WatchHostsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_HostUpdate__Output>;
  watchHosts(argument: _augmenter_v1_WatchHostsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_HostUpdate__Output>;
  watchHosts(argument: _augmenter_v1_WatchHostsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_HostUpdate__Output>;
  
  WatchPaths(argument: _augmenter_v1_WatchPathsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_PathUpdate__Output>;
  WatchPaths(argument: _augmenter_v1_WatchPathsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_PathUpdate__Output>;
  watchPaths(argument: _augmenter_v1_WatchPathsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_PathUpdate__Output>;
  watchPaths(argument: _augmenter_v1_WatchPathsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_augmenter_v1_PathUpdate__Output>;
  
}

export interface PathServiceHandlers extends grpc.UntypedServiceImplementation {
  BatchGetPaths: grpc.handleUnaryCall<_augmenter_v1_BatchGetPathsRequest__Output, _augmenter_v1_BatchGetPathsResponse>;
  
  EstimateTransfer: grpc.handleUnaryCall<_augmenter_v1_EstimateTransferRequest__Output, _augmenter_v1_TransferEstimate>;
  
  ExplainAdvice: grpc.handleUnaryCall<_augmenter_v1_ExplainAdviceRequest__Output, _augmenter_v1_ExplainAdviceResponse>;
  
  GetMatrix: grpc.handleUnaryCall<_augmenter_v1_GetMatrixRequest__Output, _augmenter_v1_GetMatrixResponse>;
  
  GetPath: grpc.handleUnaryCall<_augmenter_v1_GetPathRequest__Output, _augmenter_v1_PathEstimate>;
  
  ListHosts: grpc.handleUnaryCall<_augmenter_v1_ListHostsRequest__Output, _augmenter_v1_ListHostsResponse>;
  
  ListPaths: grpc.handleUnaryCall<_augmenter_v1_ListPathsRequest__Output, _augmenter_v1_ListPathsResponse>;
  
  RankDestinations: grpc.handleUnaryCall<_augmenter_v1_RankDestinationsRequest__Output, _augmenter_v1_RankDestinationsResponse>;
  
  WatchHosts: grpc.handleServerStreamingCall<_augmenter_v1_WatchHostsRequest__Output, _augmenter_v1_HostUpdate>;
  
  WatchPaths: grpc.handleServerStreamingCall<_augmenter_v1_WatchPathsRequest__Output, _augmenter_v1_PathUpdate>;
  
}

export interface PathServiceDefinition extends grpc.ServiceDefinition {
  BatchGetPaths: MethodDefinition<_augmenter_v1_BatchGetPathsRequest, _augmenter_v1_BatchGetPathsResponse, _augmenter_v1_BatchGetPathsRequest__Output, _augmenter_v1_BatchGetPathsResponse__Output>
  EstimateTransfer: MethodDefinition<_augmenter_v1_EstimateTransferRequest, _augmenter_v1_TransferEstimate, _augmenter_v1_EstimateTransferRequest__Output, _augmenter_v1_TransferEstimate__Output>
  ExplainAdvice: MethodDefinition<_augmenter_v1_ExplainAdviceRequest, _augmenter_v1_ExplainAdviceResponse, _augmenter_v1_ExplainAdviceRequest__Output, _augmenter_v1_ExplainAdviceResponse__Output>
  GetMatrix: MethodDefinition<_augmenter_v1_GetMatrixRequest, _augmenter_v1_GetMatrixResponse, _augmenter_v1_GetMatrixRequest__Output, _augmenter_v1_GetMatrixResponse__Output>
  GetPath: MethodDefinition<_augmenter_v1_GetPathRequest, _augmenter_v1_PathEstimate, _augmenter_v1_GetPathRequest__Output, _augmenter_v1_PathEstimate__Output>
  ListHosts: MethodDefinition<_augmenter_v1_ListHostsRequest, _augmenter_v1_ListHostsResponse, _augmenter_v1_ListHostsRequest__Output, _augmenter_v1_ListHostsResponse__Output>
  ListPaths: MethodDefinition<_augmenter_v1_ListPathsRequest, _augmenter_v1_ListPathsResponse, _augmenter_v1_ListPathsRequest__Output, _augmenter_v1_ListPathsResponse__Output>
  RankDestinations: MethodDefinition<_augmenter_v1_RankDestinationsRequest, _augmenter_v1_RankDestinationsResponse, _augmenter_v1_RankDestinationsRequest__Output, _augmenter_v1_RankDestinationsResponse__Output>
  WatchHosts: MethodDefinition<_augmenter_v1_WatchHostsRequest, _augmenter_v1_HostUpdate, _augmenter_v1_WatchHostsRequest__Output, _augmenter_v1_HostUpdate__Output>
  WatchPaths: MethodDefinition<_augmenter_v1_WatchPathsRequest, _augmenter_v1_PathUpdate, _augmenter_v1_WatchPathsRequest__Output, _augmenter_v1_PathUpdate__Output>
}
