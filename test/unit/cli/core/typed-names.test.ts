import { expect, test } from "vitest";
import { asTyped, typedNames } from "../../../../cli/core/typed-names.ts";
import { settingsTable } from "../../../../cli/settings.ts";
import { verbs } from "../../../../cli/verbs/verbs.ts";
import { packageDefinition } from "../../../../proto/messages.ts";

/** What the command asks, and the fields that it sets by itself. */
const requests = [
  "ListPathsRequest",
  "GetPathRequest",
  "ExplainAdviceRequest",
  "RankDestinationsRequest",
  "EstimateTransferRequest",
  "WatchPathsRequest",
  "GetMatrixRequest",
  "ListHostsRequest",
  "GetEffectivePolicyRequest",
  "SetPolicyRuleRequest",
  "DeletePolicyRuleRequest",
];
const ownFields = /(^|\.)(page_size|page_token|limit|resume_after|heartbeat_interval_ms|author)(\.|$)/;
/** Called the same in a request and on the command line. */
const sameNames = ["source", "destination"];

interface Field {
  readonly name: string;
  readonly type: string;
  readonly typeName: string;
}

/** Every field of a message that holds a value, by its path in the .proto files. */
function fieldsOf(message: string, path = ""): string[] {
  const { type } = packageDefinition[`augmenter.v1.${message}`] as unknown as {
    readonly type: { readonly field: readonly Field[] };
  };
  return type.field.flatMap(({ name, type: kind, typeName }) => {
    const field = `${path}${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    if (ownFields.test(field)) return [];
    return kind === "TYPE_MESSAGE" ? fieldsOf(typeName.split(".").pop() ?? "", `${field}.`) : [field];
  });
}

test("typedNames has every field that the command sets, and names flags and arguments that there are", () => {
  const fields = requests.flatMap((request) => fieldsOf(request));
  expect(fields.length).toBeGreaterThan(30);
  expect([...new Set(fields)].filter((field) => !sameNames.includes(field) && !(field in typedNames))).toEqual([]);
  const flags = [settingsTable, ...verbs.map(({ options }) => options)].flatMap((table) => Object.keys(table));
  const words = verbs.flatMap((verb) => verb.arguments.map(({ name }) => name));
  const there = new Set([...flags.map((flag) => `--${flag}`), ...words]);
  expect(Object.values(typedNames).filter((name) => !there.has(name))).toEqual([]);
});

test.each([
  [
    "Cannot use bytes as it must be 1..9: current value is 10",
    "Cannot use --bytes as it must be 1..9: current value is 10",
  ],
  [
    'Cannot use candidates[3] as it must be x: current value is "?", and 4 more',
    'Cannot use candidate as it must be x: current value is "?", and 4 more',
  ],
  ["Cannot use rule.pin.window_segments as it must be 2..4096", "Cannot use --pin-window as it must be 2..4096"],
  ["Cannot use source as it must be x", "Cannot use source as it must be x"],
  ["Cannot find bytes", "Cannot find bytes"],
])("asTyped() of %j", (told, typed) => {
  expect(asTyped(told)).toBe(typed);
});
