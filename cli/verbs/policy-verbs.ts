/** policy get and policy set. */
import { status } from "@grpc/grpc-js";
import { CallError } from "../../client/call-error.ts";
import type { AugmenterClient } from "../../client/client.ts";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { flag, integerBetween, oneOf, parsedBy, textOfLength } from "../../common/option-schemas.ts";
import type { OptionValues } from "../../common/option-values.ts";
import { rateText } from "../../common/quantities.ts";
import type { Policy__Output } from "../../proto/gen/augmenter/v1/Policy.ts";
import type { PolicyChange__Output } from "../../proto/gen/augmenter/v1/PolicyChange.ts";
import type { PolicyRule } from "../../proto/gen/augmenter/v1/PolicyRule.ts";
import type { PolicyScope } from "../../proto/gen/augmenter/v1/PolicyScope.ts";
import { rateBounds } from "../../proto/rate-bounds.ts";
import { bytesFromText, rateFromText } from "../core/quantity-text.ts";
import type { Report } from "../core/report.ts";
import type { PlaceLevel } from "../known-hosts.ts";
import { requireHosts, unknownPlace } from "../known-hosts.ts";
import { changesReport, effectivePolicyReport, policyReport } from "../reports/policy-report.ts";
import type { Verb } from "../verb.ts";
import { verb } from "../verb.ts";
import { destinationArgument, sourceArgument } from "./path-verbs.ts";

const attemptsMax = 5;

/** A rate that the server takes; in the unit in which it is written. */
function policyRateFromText(text: string): number | string {
  const rate = rateFromText(text);
  const { policyMin, max } = rateBounds;
  if (typeof rate === "string" || (rate >= policyMin && rate <= max)) return rate;
  return `${rateText(policyMin)}..${rateText(max)}`;
}

/** 0 where the text is empty: the rule says nothing of it. */
function orNothing(parse: (text: string) => number | string) {
  return parsedBy<number | string>((text) => (text === "" ? 0 : parse(text)));
}

const setOptions = {
  zone: { description: "scope: hosts of this zone", schema: textOfLength(0, 128), default: "" },
  rack: { description: "scope: hosts of this rack (zone/rack)", schema: textOfLength(0, 257), default: "" },
  host: { description: "scope: this host", schema: textOfLength(0, 128), default: "" },
  prefix: { description: "scope: destinations of this prefix or address", schema: textOfLength(0, 64), default: "" },
  everywhere: {
    description: "scope: every path of every host, in place of the four above",
    schema: flag(),
    default: "false",
    isFlag: true,
  },
  mode: {
    description: "the most that hosts may do: off, observe or apply; empty: says nothing",
    schema: oneOf(["", "off", "observe", "apply"]),
    default: "",
  },
  exclude: { description: "no advice for these paths", schema: flag(), default: "false", isFlag: true },
  "pin-window": {
    description: "first window that stands whatever is measured, segments; 0: none",
    schema: integerBetween(0, 4_096),
    default: "0",
  },
  "pin-rate": {
    description: "rate it is paced at, such as 200Mbit/s; 1Mbit/s at least",
    schema: orNothing(policyRateFromText),
    default: "",
  },
  "window-max": {
    description: "largest first window, segments; 0: no limit",
    schema: integerBetween(0, 4_096),
    default: "0",
  },
  "rate-max": {
    description: "largest rate, such as 1Gbit/s; 1Mbit/s at least",
    schema: orNothing(policyRateFromText),
    default: "",
  },
  "receive-window-max": {
    description: "largest receive window, such as 1MiB",
    schema: orNothing(bytesFromText),
    default: "",
  },
  "confidence-min": {
    description: "percent of confidence below which nothing is advised; 0: no limit",
    schema: integerBetween(0, 100),
    default: "0",
  },
  delete: { description: "take the rule of this scope away", schema: flag(), default: "false", isFlag: true },
  revision: {
    description: "only if the policy is at this revision; 0: any",
    schema: integerBetween(0, 1e12),
    default: "0",
  },
  why: { description: "why, for the record", schema: textOfLength(0, 1_000), default: "" },
} as const;

type SetOptions = OptionValues<typeof setOptions>;

/** The verbs. */
export const policyVerbs: readonly Verb[] = [
  verb({
    name: "policy get",
    summary: "every rule there is, or what holds for one path",
    arguments: [
      { ...sourceArgument, isOptional: true },
      { ...destinationArgument, isOptional: true },
    ],
    options: {
      changes: {
        description: "who changed what instead, newest first",
        schema: flag(),
        default: "false",
        isFlag: true,
      },
      limit: { description: "changes told at most", schema: integerBetween(1, 1_000), default: "100" },
    },
    report: async ({ client, words: [source, destination], options }) => {
      if (options.changes && source !== undefined) {
        throw wrong("Cannot use --changes beside a path: changes are told of all rules");
      }
      if (options.changes) return changesUpTo(client, options.limit);
      if (source === undefined) return policyReport(await wholePolicy(client));
      if (destination === undefined) throw wrong("Cannot tell the policy of a source alone: name a destination, too");
      const policy = await client.getEffectivePolicy({ source, destination });
      // The source has not announced itself.
      if (policy.mode === "MODE_UNSPECIFIED") await requireHosts(client, [source]);
      return effectivePolicyReport(policy);
    },
  }),
  verb({
    name: "policy set",
    summary: "set or take away the one rule of a scope: mode, pin, exclusion, limits",
    arguments: [],
    options: setOptions,
    report: async ({ session, client, options }) => {
      if (options.why === "") throw wrong("Cannot set the policy without --why: it is kept with the change");
      const scope = scopeOf(options);
      const change = { why: options.why, expectedRevision: options.revision };
      if (options.delete) requireNoRule(options);
      if (options.delete) return policyReport(await client.deletePolicyRule({ scope, ...change }));
      const report = policyReport(await client.setPolicyRule({ rule: ruleOf(scope, options), ...change }));
      const warning = await warningOf(client, options);
      if (warning !== undefined) session.note(warning);
      return report;
    },
  }),
];

/** Every rule. Begins anew where the policy changes on the way. */
async function wholePolicy(client: AugmenterClient): Promise<Policy__Output> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      let policy = await client.getPolicy();
      while (policy.nextPageToken !== "") {
        const page = await client.getPolicy({ pageToken: policy.nextPageToken });
        policy = { ...page, rules: [...policy.rules, ...page.rules] };
      }
      return policy;
    } catch (error) {
      const hasChanged = error instanceof CallError && error.code === status.ABORTED;
      if (!hasChanged || attempt >= attemptsMax) throw error;
    }
  }
}

/** The newest changes, and whether there are more. */
async function changesUpTo(client: AugmenterClient, limit: number): Promise<Report> {
  const changes: PolicyChange__Output[] = [];
  let pageToken = "";
  do {
    const page = await client.listPolicyChanges({ pageSize: limit - changes.length, pageToken });
    changes.push(...page.changes);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && changes.length < limit);
  return changesReport(changes, pageToken === "" ? [] : [`and more: raise --limit, now ${limit}`]);
}

/** Rules are for hosts to come, too: one for a place that nobody knows is kept, and said to be for nobody yet. */
async function warningOf(client: AugmenterClient, options: SetOptions): Promise<string | undefined> {
  const level = (["host", "rack", "zone"] as const satisfies readonly PlaceLevel[]).find(
    (name) => options[name] !== "",
  );
  const unknown = level && (await unknownPlace(client, level, [options[level]]));
  return unknown && `warning: the rule is kept, but nobody knows ${unknown}`;
}

function scopeOf({ zone, rack, host, prefix, everywhere }: SetOptions): PolicyScope {
  const named = Object.entries({ zone, rack, host }).filter(([, value]) => value !== "");
  if (named.length > 1)
    throw wrong(`Cannot use more than one of --zone, --rack and --host: ${named.length} were given`);
  const isScoped = named.length > 0 || prefix !== "";
  if (everywhere && isScoped) throw wrong("Cannot use --everywhere beside --zone, --rack, --host or --prefix");
  if (!everywhere && !isScoped) {
    throw wrong("Cannot change the policy without a scope: give --zone, --rack, --host or --prefix, or --everywhere");
  }
  return { ...Object.fromEntries(named), prefix };
}

/** Who takes a rule away says nothing of what a rule says. */
function requireNoRule(options: SetOptions): void {
  const { mode, exclude, pinWindow, pinRate, windowMax, rateMax, receiveWindowMax, confidenceMin } = options;
  const numbers = [pinWindow, pinRate, windowMax, rateMax, receiveWindowMax, confidenceMin];
  if (mode === "" && !exclude && numbers.every((value) => value === 0)) return;
  throw wrong("Cannot use --delete beside --mode, --exclude, a pin or a limit: it takes the whole rule away");
}

function ruleOf(scope: PolicyScope, options: SetOptions): PolicyRule {
  const { mode, exclude, pinWindow, pinRate, windowMax, rateMax, receiveWindowMax, confidenceMin } = options;
  if (pinWindow > 0 !== pinRate > 0) throw wrong("Cannot pin without both --pin-window and --pin-rate");
  const isLimited = windowMax > 0 || rateMax > 0 || receiveWindowMax > 0 || confidenceMin > 0;
  if (mode === "" && !exclude && pinWindow === 0 && !isLimited) {
    throw wrong("Cannot set a rule that says nothing: give --mode, --exclude, a pin or a limit, or --delete");
  }
  return {
    scope,
    mode: modes[mode],
    excluded: exclude,
    ...(pinWindow > 0 ? { pin: { windowSegments: pinWindow, pathRateBytesPerSecond: pinRate } } : {}),
    ...(isLimited
      ? {
          limits: {
            windowMaxSegments: windowMax,
            rateMaxBytesPerSecond: rateMax,
            receiveWindowMaxBytes: receiveWindowMax,
            confidenceMin: confidenceMin / 100,
          },
        }
      : {}),
  };
}

const modes = {
  "": "MODE_UNSPECIFIED",
  off: "MODE_OFF",
  observe: "MODE_OBSERVE",
  apply: "MODE_APPLY",
} as const;

function wrong(text: string): ExitError {
  return new ExitError(exitCodes.badConfiguration, text);
}
