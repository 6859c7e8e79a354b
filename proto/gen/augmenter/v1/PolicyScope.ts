// Original file: proto/augmenter/v1/policy.proto


export interface PolicyScope {
  'zone'?: (string);
  'rack'?: (string);
  'host'?: (string);
  'prefix'?: (string);
  'source'?: "zone"|"rack"|"host";
}

export interface PolicyScope__Output {
  'zone'?: (string);
  'rack'?: (string);
  'host'?: (string);
  'prefix': (string);
  'source'?: "zone"|"rack"|"host";
}
