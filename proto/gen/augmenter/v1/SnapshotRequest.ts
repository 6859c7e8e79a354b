// Original file: proto/augmenter/v1/telemetry.proto


export interface SnapshotRequest {
  'hostIds'?: (string)[];
}

export interface SnapshotRequest__Output {
  'hostIds': (string)[];
}
