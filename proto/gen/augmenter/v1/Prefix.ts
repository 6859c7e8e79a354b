// Original file: proto/augmenter/v1/telemetry.proto


export interface Prefix {
  'address'?: (Buffer | Uint8Array | string);
  'length'?: (number);
}

export interface Prefix__Output {
  'address': (Buffer);
  'length': (number);
}
