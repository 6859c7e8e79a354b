import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { CrowdBound as _augmenter_v1_CrowdBound, CrowdBound__Output as _augmenter_v1_CrowdBound__Output } from './augmenter/v1/CrowdBound.ts';
import type { CrowdTally as _augmenter_v1_CrowdTally, CrowdTally__Output as _augmenter_v1_CrowdTally__Output } from './augmenter/v1/CrowdTally.ts';
import type { PeerFailure as _augmenter_v1_PeerFailure, PeerFailure__Output as _augmenter_v1_PeerFailure__Output } from './augmenter/v1/PeerFailure.ts';
import type { PeerWord as _augmenter_v1_PeerWord, PeerWord__Output as _augmenter_v1_PeerWord__Output } from './augmenter/v1/PeerWord.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  augmenter: {
    v1: {
      CrowdBound: MessageTypeDefinition<_augmenter_v1_CrowdBound, _augmenter_v1_CrowdBound__Output>
      CrowdTally: MessageTypeDefinition<_augmenter_v1_CrowdTally, _augmenter_v1_CrowdTally__Output>
      PeerFailure: MessageTypeDefinition<_augmenter_v1_PeerFailure, _augmenter_v1_PeerFailure__Output>
      PeerWord: MessageTypeDefinition<_augmenter_v1_PeerWord, _augmenter_v1_PeerWord__Output>
    }
  }
}

