import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Heartbeat as _augmenter_v1_Heartbeat, Heartbeat__Output as _augmenter_v1_Heartbeat__Output } from './augmenter/v1/Heartbeat.ts';
import type { SnapshotBegin as _augmenter_v1_SnapshotBegin, SnapshotBegin__Output as _augmenter_v1_SnapshotBegin__Output } from './augmenter/v1/SnapshotBegin.ts';
import type { SnapshotEnd as _augmenter_v1_SnapshotEnd, SnapshotEnd__Output as _augmenter_v1_SnapshotEnd__Output } from './augmenter/v1/SnapshotEnd.ts';
import type { ViewVersion as _augmenter_v1_ViewVersion, ViewVersion__Output as _augmenter_v1_ViewVersion__Output } from './augmenter/v1/ViewVersion.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  augmenter: {
    v1: {
      Heartbeat: MessageTypeDefinition<_augmenter_v1_Heartbeat, _augmenter_v1_Heartbeat__Output>
      SnapshotBegin: MessageTypeDefinition<_augmenter_v1_SnapshotBegin, _augmenter_v1_SnapshotBegin__Output>
      SnapshotEnd: MessageTypeDefinition<_augmenter_v1_SnapshotEnd, _augmenter_v1_SnapshotEnd__Output>
      ViewVersion: MessageTypeDefinition<_augmenter_v1_ViewVersion, _augmenter_v1_ViewVersion__Output>
    }
  }
}

