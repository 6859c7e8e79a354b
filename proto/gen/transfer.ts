import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { EstimateTransferRequest as _augmenter_v1_EstimateTransferRequest, EstimateTransferRequest__Output as _augmenter_v1_EstimateTransferRequest__Output } from './augmenter/v1/EstimateTransferRequest.ts';
import type { PathAdvice as _augmenter_v1_PathAdvice, PathAdvice__Output as _augmenter_v1_PathAdvice__Output } from './augmenter/v1/PathAdvice.ts';
import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from './augmenter/v1/PathEstimate.ts';
import type { PathFilter as _augmenter_v1_PathFilter, PathFilter__Output as _augmenter_v1_PathFilter__Output } from './augmenter/v1/PathFilter.ts';
import type { PathKey as _augmenter_v1_PathKey, PathKey__Output as _augmenter_v1_PathKey__Output } from './augmenter/v1/PathKey.ts';
import type { RankDestinationsRequest as _augmenter_v1_RankDestinationsRequest, RankDestinationsRequest__Output as _augmenter_v1_RankDestinationsRequest__Output } from './augmenter/v1/RankDestinationsRequest.ts';
import type { RankDestinationsResponse as _augmenter_v1_RankDestinationsResponse, RankDestinationsResponse__Output as _augmenter_v1_RankDestinationsResponse__Output } from './augmenter/v1/RankDestinationsResponse.ts';
import type { RankedDestination as _augmenter_v1_RankedDestination, RankedDestination__Output as _augmenter_v1_RankedDestination__Output } from './augmenter/v1/RankedDestination.ts';
import type { TransferEstimate as _augmenter_v1_TransferEstimate, TransferEstimate__Output as _augmenter_v1_TransferEstimate__Output } from './augmenter/v1/TransferEstimate.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  augmenter: {
    v1: {
      EstimateTransferRequest: MessageTypeDefinition<_augmenter_v1_EstimateTransferRequest, _augmenter_v1_EstimateTransferRequest__Output>
      FirstWindow: EnumTypeDefinition
      PathAdvice: MessageTypeDefinition<_augmenter_v1_PathAdvice, _augmenter_v1_PathAdvice__Output>
      PathEstimate: MessageTypeDefinition<_augmenter_v1_PathEstimate, _augmenter_v1_PathEstimate__Output>
      PathFilter: MessageTypeDefinition<_augmenter_v1_PathFilter, _augmenter_v1_PathFilter__Output>
      PathKey: MessageTypeDefinition<_augmenter_v1_PathKey, _augmenter_v1_PathKey__Output>
      Provenance: EnumTypeDefinition
      RankDestinationsRequest: MessageTypeDefinition<_augmenter_v1_RankDestinationsRequest, _augmenter_v1_RankDestinationsRequest__Output>
      RankDestinationsResponse: MessageTypeDefinition<_augmenter_v1_RankDestinationsResponse, _augmenter_v1_RankDestinationsResponse__Output>
      RankedDestination: MessageTypeDefinition<_augmenter_v1_RankedDestination, _augmenter_v1_RankedDestination__Output>
      TransferEstimate: MessageTypeDefinition<_augmenter_v1_TransferEstimate, _augmenter_v1_TransferEstimate__Output>
    }
  }
}

