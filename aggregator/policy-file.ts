/** The policy on disk: one JSON document, replaced as a whole with each change, so that it is the old one or the new one. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import { prefixFromText, prefixText } from "../proto/address.ts";
import type { PolicyChange, PolicyState } from "./core/policy/policy-book.ts";
import { emptyPolicy } from "./core/policy/policy-book.ts";
import type { PolicyLimits, PolicyRule, PolicyScope } from "./core/policy/policy-rule.ts";
import { noLimits, policyModes, sourceKinds } from "./core/policy/policy-rule.ts";

const format = 1;

/** Reads and writes the policy. */
export class PolicyFile {
  readonly #path: string;

  /** An absolute path. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * The policy that was written last; the empty one where there is no file yet. Throws ExitError 2 where the file cannot be read: to go
   * on without it might grant windows that an operator has switched off. Likewise where its folder does not exist: no change could be kept.
   */
  load(): PolicyState {
    const folder = dirname(this.#path);
    if (!existsSync(folder)) {
      const text = `Cannot use the policy file ${this.#path} as its folder ${folder} does not exist`;
      throw new ExitError(exitCodes.badConfiguration, text);
    }
    if (!existsSync(this.#path)) return emptyPolicy;
    try {
      return stateOf(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ExitError(exitCodes.badConfiguration, `Cannot read the policy file ${this.#path}: ${reason}`, {
        cause: error,
      });
    }
  }

  /** Returns when the policy is on disk. Throws where it cannot be written; then the file is what it was. */
  save(state: PolicyState): void {
    const fresh = `${this.#path}.new`;
    writeFileSync(fresh, `${JSON.stringify({ format, ...state }, asText)}\n`, { mode: 0o600, flush: true });
    renameSync(fresh, this.#path);
    const directory = openSync(dirname(this.#path), "r");
    fsyncSync(directory);
    closeSync(directory);
  }
}

// Prefixes are texts in the file; what is not limited is left out, as JSON has no infinity.
function asText(key: string, value: unknown): unknown {
  if (key === "prefix" && typeof value === "object" && value !== null) {
    return prefixText(value as NonNullable<PolicyScope["prefix"]>);
  }
  return value === Number.POSITIVE_INFINITY ? undefined : value;
}

type Parsed = Readonly<Record<string, unknown>>;

function stateOf(parsed: Parsed): PolicyState {
  if (parsed["format"] !== format)
    throw new Error(`its format must be ${format}: current value is ${parsed["format"]}`);
  const rules = list(parsed["rules"]).map(ruleOf);
  const changes = list(parsed["changes"]).map(changeOf);
  return { revision: number(parsed["revision"]), rules, changes };
}

function changeOf(parsed: Parsed): PolicyChange {
  const rule = (value: unknown) => (value === undefined ? undefined : ruleOf(value as Parsed));
  return {
    revision: number(parsed["revision"]),
    author: authorOf(parsed["author"] as Parsed),
    scope: scopeOf(parsed["scope"] as Parsed),
    before: rule(parsed["before"]),
    after: rule(parsed["after"]),
  };
}

function ruleOf(parsed: Parsed): PolicyRule {
  const mode = policyModes.find((known) => known === parsed["mode"]);
  if (mode === undefined && parsed["mode"] !== undefined) throw new Error(`unknown mode ${parsed["mode"]}`);
  const pin = parsed["pin"] as Parsed | undefined;
  return {
    scope: scopeOf(parsed["scope"] as Parsed),
    mode,
    pin: pin && {
      windowSegments: number(pin["windowSegments"]),
      pathRateBytesPerSecond: number(pin["pathRateBytesPerSecond"]),
    },
    excluded: parsed["excluded"] === true,
    limits: { ...noLimits, ...(parsed["limits"] as Partial<PolicyLimits>) },
    author: authorOf(parsed["author"] as Parsed),
  };
}

function scopeOf(parsed: Parsed): PolicyScope {
  const kind = sourceKinds.find((known) => known === parsed["kind"]);
  if (kind === undefined) throw new Error(`unknown scope ${parsed["kind"]}`);
  const prefix = parsed["prefix"] === undefined ? undefined : prefixFromText(String(parsed["prefix"]));
  if (prefix === undefined && parsed["prefix"] !== undefined) throw new Error(`unknown prefix ${parsed["prefix"]}`);
  return { kind, name: String(parsed["name"]), prefix };
}

function authorOf(parsed: Parsed) {
  return {
    who: String(parsed["who"]),
    peer: String(parsed["peer"]),
    changedUnixMs: number(parsed["changedUnixMs"]),
    why: String(parsed["why"]),
  };
}

function list(value: unknown): readonly Parsed[] {
  if (Array.isArray(value)) return value as Parsed[];
  throw new Error("it has no list of rules or changes");
}

function number(value: unknown): number {
  if (typeof value === "number") return value;
  throw new Error(`a number is missing: current value is ${JSON.stringify(value)}`);
}
