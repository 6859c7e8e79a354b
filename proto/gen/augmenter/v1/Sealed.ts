// Original file: proto/augmenter/v1/telemetry.proto


export interface Sealed {
  'crc32'?: (number);
  'message'?: (Buffer | Uint8Array | string);
}

export interface Sealed__Output {
  'crc32': (number);
  'message': (Buffer);
}
