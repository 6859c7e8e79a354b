/** Every rule there is, and the changes that led to them. */
import type { HostState } from "../hosts.ts";
import type { EffectivePolicy } from "./effective-policy.ts";
import { effectivePolicy, freePolicy } from "./effective-policy.ts";
import type { PolicyAuthor, PolicyRule, PolicyScope } from "./policy-rule.ts";
import { byWidth, holdsHost, holdsPath, scopeKey } from "./policy-rule.ts";

/** One change; undefined where there was, or is, no rule. */
export interface PolicyChange {
  /** The policy's, after it. */
  readonly revision: number;
  readonly author: PolicyAuthor;
  readonly scope: PolicyScope;
  readonly before: PolicyRule | undefined;
  readonly after: PolicyRule | undefined;
}

/** A policy as a value. */
export interface PolicyState {
  readonly revision: number;
  /** Widest scope first. */
  readonly rules: readonly PolicyRule[];
  /** Oldest first; only the newest are kept. */
  readonly changes: readonly PolicyChange[];
}

/** Limits of what is kept. */
export interface PolicyBounds {
  readonly rulesMax: number;
  readonly changesKept: number;
}

/** Before the first change. */
export const emptyPolicy: PolicyState = { revision: 0, rules: [], changes: [] };

/** The state after a rule was set, or taken away where `rule` is undefined. */
export function policyAfter(
  state: PolicyState,
  scope: PolicyScope,
  rule: PolicyRule | undefined,
  author: PolicyAuthor,
  bounds: PolicyBounds,
): PolicyState {
  const key = scopeKey(scope);
  const before = state.rules.find((known) => scopeKey(known.scope) === key);
  const others = state.rules.filter((known) => known !== before);
  const revision = state.revision + 1;
  return {
    revision,
    rules: [...others, ...(rule === undefined ? [] : [rule])].sort((left, right) => byWidth(left.scope, right.scope)),
    changes: [...state.changes, { revision, author, scope, before, after: rule }].slice(-bounds.changesKept),
  };
}

/** Holds the state in force and answers for paths. Without rules an answer costs nothing. */
export class PolicyBook {
  #state: PolicyState;

  constructor(state: PolicyState = emptyPolicy) {
    this.#state = state;
  }

  get state(): PolicyState {
    return this.#state;
  }

  /** From now on this state holds. */
  replace(state: PolicyState): void {
    this.#state = state;
  }

  /** For the path from a host to a destination. */
  forPath(hostId: string, host: HostState | undefined, destination: Uint8Array): EffectivePolicy {
    const { rules } = this.#state;
    if (rules.length === 0) return freePolicy;
    return effectivePolicy(rules.filter(({ scope }) => holdsPath(scope, hostId, host, destination)));
  }

  /** For a host, wherever it sends: the rules without a prefix. */
  forHost(host: HostState): EffectivePolicy {
    const { rules } = this.#state;
    if (rules.length === 0) return freePolicy;
    return effectivePolicy(
      rules.filter(({ scope }) => scope.prefix === undefined && holdsHost(scope, host.hostId, host)),
    );
  }
}
