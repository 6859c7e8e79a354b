/** What one rule of an operator says, and about which paths: see proto/augmenter/v1/policy.proto. */
import type { Prefix } from "../../../proto/address.ts";
import { prefixContains } from "../../../proto/address.ts";
import type { HostState } from "../hosts.ts";
import { rackName } from "../query/places.ts";

/** The modes from the least to the most restrictive. */
export const policyModes = ["apply", "observe", "off"] as const;
export type PolicyMode = (typeof policyModes)[number];

/** The hosts that send; from the widest to the narrowest. */
export const sourceKinds = ["all", "zone", "rack", "host"] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** What a rule is about. */
export interface PolicyScope {
  readonly kind: SourceKind;
  /** Of the zone, rack or host; "" for all. */
  readonly name: string;
  /** Where to; undefined: everywhere. */
  readonly prefix: Prefix | undefined;
}

/** A first window and the rate it is paced at. */
export interface PolicyPin {
  readonly windowSegments: number;
  readonly pathRateBytesPerSecond: number;
}

/** Infinity, or 0 for the confidence: not limited. */
export interface PolicyLimits {
  readonly windowMaxSegments: number;
  readonly rateMaxBytesPerSecond: number;
  readonly receiveWindowMaxBytes: number;
  readonly confidenceMin: number;
}

/** Who set a rule, when and why. */
export interface PolicyAuthor {
  readonly who: string;
  readonly peer: string;
  readonly changedUnixMs: number;
  readonly why: string;
}

/** One rule. */
export interface PolicyRule {
  readonly scope: PolicyScope;
  readonly mode: PolicyMode | undefined;
  readonly pin: PolicyPin | undefined;
  readonly excluded: boolean;
  readonly limits: PolicyLimits;
  readonly author: PolicyAuthor;
}

/** Limits nothing. */
export const noLimits: PolicyLimits = {
  windowMaxSegments: Number.POSITIVE_INFINITY,
  rateMaxBytesPerSecond: Number.POSITIVE_INFINITY,
  receiveWindowMaxBytes: Number.POSITIVE_INFINITY,
  confidenceMin: 0,
};

/** Two scopes about the same paths have the same key. */
export function scopeKey({ kind, name, prefix }: PolicyScope): string {
  const to = prefix === undefined ? "" : `${Buffer.from(prefix.address).toString("hex")}/${prefix.length}`;
  return `${kind} ${name} ${to}`;
}

/** Sorts from the widest scope to the narrowest: by source, then by prefix. */
export function byWidth(left: PolicyScope, right: PolicyScope): number {
  const bySource = sourceKinds.indexOf(left.kind) - sourceKinds.indexOf(right.kind);
  const byPrefix = (left.prefix?.length ?? -1) - (right.prefix?.length ?? -1);
  return bySource || byPrefix || (scopeKey(left) < scopeKey(right) ? -1 : 1);
}

/** Whether a scope holds the path from a host to a destination. `host` is undefined where it never spoke: then only its id is known. */
export function holdsPath(
  scope: PolicyScope,
  hostId: string,
  host: HostState | undefined,
  destination: Uint8Array,
): boolean {
  return holdsHost(scope, hostId, host) && (scope.prefix === undefined || prefixContains(scope.prefix, destination));
}

/** Whether a scope holds a host that sends. */
export function holdsHost({ kind, name }: PolicyScope, hostId: string, host: HostState | undefined): boolean {
  switch (kind) {
    case "all":
      return true;
    case "host":
      return hostId === name;
    case "rack":
      return host !== undefined && rackName(host) === name;
    case "zone":
      return host?.zone === name;
  }
}
