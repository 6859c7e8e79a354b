// Original file: proto/augmenter/v1/watch.proto


export interface SnapshotBegin {
}

export interface SnapshotBegin__Output {
}
