/** A policy as aggregators tell it each other, and back. */
import type { PolicyAuthor__Output } from "../../../proto/gen/augmenter/v1/PolicyAuthor.ts";
import type { PolicyChange__Output } from "../../../proto/gen/augmenter/v1/PolicyChange.ts";
import type { PolicyRule__Output } from "../../../proto/gen/augmenter/v1/PolicyRule.ts";
import type { PolicyWord, PolicyWord__Output } from "../../../proto/gen/augmenter/v1/PolicyWord.ts";
import { invalidField } from "../query/query-fault.ts";
import type { PolicyBounds, PolicyChange, PolicyState } from "./policy-book.ts";
import { changeMessage, ruleMessage } from "./policy-message.ts";
import { ruleAsked, scopeAsked, whyAsked } from "./policy-request.ts";
import type { PolicyAuthor, PolicyRule } from "./policy-rule.ts";
import { byWidth, scopeKey } from "./policy-rule.ts";

const nameMaxLength = 1_024;

/** All of a policy but its older changes: so many of the newest are told. */
export function wordOf(state: PolicyState, changesTold: number): PolicyWord {
  const rules = state.rules.map(ruleMessage);
  const changes = changesTold === 0 ? [] : state.changes.slice(-changesTold).map(changeMessage);
  return { revision: state.revision, rules: rules ?? [], changes };
}

/** The policy that a word tells, each rule checked as if a caller had asked for it. Throws QueryFault. */
export function stateOfWord(word: PolicyWord__Output, bounds: PolicyBounds): PolicyState {
  const { revision } = word;
  if (!Number.isSafeInteger(revision)) throw invalidField("revision", "a whole number", revision);
  if (word.rules.length > bounds.rulesMax || word.changes.length > bounds.changesKept) {
    throw invalidField("rules", `at most ${bounds.rulesMax}, and ${bounds.changesKept} changes`, word.rules.length);
  }
  const rules = word.rules.map(ruleTold).sort((left, right) => byWidth(left.scope, right.scope));
  if (new Set(rules.map(({ scope }) => scopeKey(scope))).size < rules.length) {
    throw invalidField("rules", "one a scope", "several");
  }
  const changes = word.changes.map(changeTold);
  const isInOrder = changes.every((change, index) => change.revision - revision === index + 1 - changes.length);
  if (!isInOrder) throw invalidField("changes", `one a revision, up to ${revision}`, changes.at(-1)?.revision);
  return { revision, rules, changes };
}

function changeTold({ revision, author, scope, before, after }: PolicyChange__Output): PolicyChange {
  return {
    revision,
    author: authorTold(author),
    scope: scopeAsked("scope", scope),
    before: before === null ? undefined : ruleTold(before),
    after: after === null ? undefined : ruleTold(after),
  };
}

// Rules from before there was a least rate are still told: effective-policy.ts raises what they say.
function ruleTold(rule: PolicyRule__Output): PolicyRule {
  return ruleAsked(rule, authorTold(rule.author), 1);
}

function authorTold(author: PolicyAuthor__Output | null): PolicyAuthor {
  if (author === null) throw invalidField("author", "given", null);
  const { who, peer, changedUnixMs, why } = author;
  if (who.length > nameMaxLength || peer.length > nameMaxLength) {
    throw invalidField("author", `names of at most ${nameMaxLength} characters`, who.length);
  }
  if (!Number.isSafeInteger(changedUnixMs)) throw invalidField("author.changed_unix_ms", "a time", changedUnixMs);
  return { who, peer, changedUnixMs, why: whyAsked(why) };
}
