// Original file: proto/augmenter/v1/peer_word.proto


export interface PeerFailure {
  'hostId'?: (string);
  'destination'?: (Buffer | Uint8Array | string);
}

export interface PeerFailure__Output {
  'hostId': (string);
  'destination': (Buffer);
}
