// Original file: proto/augmenter/v1/host.proto


export interface HostFilter {
  'hostId'?: (string);
  'rack'?: (string);
  'zone'?: (string);
}

export interface HostFilter__Output {
  'hostId': (string);
  'rack': (string);
  'zone': (string);
}
