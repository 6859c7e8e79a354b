import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { PathAdvice as _augmenter_v1_PathAdvice, PathAdvice__Output as _augmenter_v1_PathAdvice__Output } from './augmenter/v1/PathAdvice.ts';
import type { PathEstimate as _augmenter_v1_PathEstimate, PathEstimate__Output as _augmenter_v1_PathEstimate__Output } from './augmenter/v1/PathEstimate.ts';
import type { PathFilter as _augmenter_v1_PathFilter, PathFilter__Output as _augmenter_v1_PathFilter__Output } from './augmenter/v1/PathFilter.ts';
import type { PathKey as _augmenter_v1_PathKey, PathKey__Output as _augmenter_v1_PathKey__Output } from './augmenter/v1/PathKey.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  augmenter: {
    v1: {
      PathAdvice: MessageTypeDefinition<_augmenter_v1_PathAdvice, _augmenter_v1_PathAdvice__Output>
      PathEstimate: MessageTypeDefinition<_augmenter_v1_PathEstimate, _augmenter_v1_PathEstimate__Output>
      PathFilter: MessageTypeDefinition<_augmenter_v1_PathFilter, _augmenter_v1_PathFilter__Output>
      PathKey: MessageTypeDefinition<_augmenter_v1_PathKey, _augmenter_v1_PathKey__Output>
      Provenance: EnumTypeDefinition
    }
  }
}

