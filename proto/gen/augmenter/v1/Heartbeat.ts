// Original file: proto/augmenter/v1/watch.proto


export interface Heartbeat {
}

export interface Heartbeat__Output {
}
