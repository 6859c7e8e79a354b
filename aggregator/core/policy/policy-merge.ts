/** One policy out of two: what was decided at different aggregators, each of which had not heard of the other's yet. */
import type { PolicyBounds, PolicyChange, PolicyState } from "./policy-book.ts";
import { policyAfter } from "./policy-book.ts";
import { scopeKey } from "./policy-rule.ts";

/** A state, with what says whether two are the same: equal where rules and newest change are. */
export interface IdentifiedPolicy {
  readonly state: PolicyState;
  readonly digest: string;
}

/**
 * What holds from now on, and changes that do not: a later one of the same scope was made elsewhere, and then both are among the state's
 * changes; or there is no room.
 */
export interface MergedPolicy {
  readonly state: PolicyState;
  readonly overruled: readonly PolicyChange[];
}

/** Whether one is ahead of another: the same order on every aggregator. */
export function isAhead(one: IdentifiedPolicy, other: IdentifiedPolicy): boolean {
  if (one.state.revision !== other.state.revision) return one.state.revision > other.state.revision;
  return one.digest > other.digest;
}

/**
 * The one that is ahead, and on top of it, in their order, the changes that only the other one knows; of two changes of one scope the later
 * one by the clocks of their aggregators. Every decision stays on record, whether it holds or not, and both sides get the same.
 */
export function mergedPolicy(ours: IdentifiedPolicy, theirs: IdentifiedPolicy, bounds: PolicyBounds): MergedPolicy {
  const [ahead, behind] = isAhead(theirs, ours) ? [theirs.state, ours.state] : [ours.state, theirs.state];
  const known = new Set(ahead.changes.map(nameOf));
  // Of what came before the oldest change that is kept nothing can be said: it is taken to be the same.
  const oldest = ahead.changes[0]?.revision ?? 1;
  const missing = behind.changes.filter((change) => change.revision >= oldest && !known.has(nameOf(change)));
  if (missing.length === 0) return { state: withHistoryOf(ahead, behind, bounds), overruled: [] };

  const knownBehind = new Set(behind.changes.map(nameOf));
  const rivals = ahead.changes.filter((change) => !knownBehind.has(nameOf(change)));
  const overruled: PolicyChange[] = [];
  let state = ahead;
  for (const change of missing) {
    const next = policyAfter(state, change.scope, change.after, change.author, bounds);
    const rival = laterOf(rivals, change);
    if (rival !== undefined || next.rules.length > bounds.rulesMax) overruled.push(change);
    // As if it had been made in time, and what holds after it.
    if (rival !== undefined) state = putBack(next, state, rival, bounds);
    else if (next.rules.length <= bounds.rulesMax) state = next;
  }
  return { state, overruled };
}

function laterOf(rivals: readonly PolicyChange[], { scope, author }: PolicyChange): PolicyChange | undefined {
  const key = scopeKey(scope);
  return rivals.findLast(
    (rival) => scopeKey(rival.scope) === key && rival.author.changedUnixMs >= author.changedUnixMs,
  );
}

function putBack(state: PolicyState, before: PolicyState, rival: PolicyChange, bounds: PolicyBounds): PolicyState {
  const key = scopeKey(rival.scope);
  const rule = before.rules.find(({ scope }) => scopeKey(scope) === key);
  return policyAfter(state, rival.scope, rule, rule?.author ?? rival.author, bounds);
}

// Only the newest changes travel: what was kept here of those before them stays.
function withHistoryOf(ahead: PolicyState, behind: PolicyState, { changesKept }: PolicyBounds): PolicyState {
  const oldest = ahead.changes[0]?.revision ?? 1;
  const older = behind.changes.filter(({ revision }) => revision < oldest);
  return { ...ahead, changes: [...older, ...ahead.changes].slice(-changesKept) };
}

// A change that was put on top of others has another revision, and is the same change.
function nameOf({ scope, author, after }: PolicyChange): string {
  return JSON.stringify([scopeKey(scope), author, after === undefined]);
}
