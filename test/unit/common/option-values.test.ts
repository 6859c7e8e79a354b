import { describe, expect, test } from "vitest";
import { ExitError, exitCodes } from "../../../common/exit-codes.ts";
import { integerBetween, textOfLength } from "../../../common/option-schemas.ts";
import { environmentName, resolveOptions } from "../../../common/option-values.ts";

const table = {
  "wait-ms": { description: "how long", schema: integerBetween(1, 100), default: "10" },
  rack: { description: "where", schema: textOfLength(0, 8), default: "" },
} as const;

describe("resolveOptions()", () => {
  test.each([
    [{ flags: { waitMs: "1" }, environment: { AUGMENTER_WAIT_MS: "2" }, file: { "wait-ms": "3" } }, 1, "flag"],
    [{ flags: {}, environment: { AUGMENTER_WAIT_MS: "2" }, file: { "wait-ms": "3" } }, 2, "environment"],
    [{ flags: {}, environment: {}, file: { "wait-ms": "3" } }, 3, "file"],
    [{ flags: {}, environment: {} }, 10, "default"],
  ] as const)("takes the value of the strongest place: %j", (sources, value, origin) => {
    const { values, origins, texts } = resolveOptions(table, sources);
    expect(values).toEqual({ waitMs: value, rack: "" });
    expect(origins).toEqual({ "wait-ms": origin, rack: "default" });
    expect(texts["wait-ms"]).toBe(String(value));
  });

  test("names the file where its value is wrong", () => {
    expect(() => resolveOptions(table, { flags: {}, environment: {}, file: { "wait-ms": "0" } })).toThrow(
      new ExitError(
        exitCodes.badConfiguration,
        "Cannot use wait-ms of the file as it must be 1..100: current value is 0",
      ),
    );
  });
});

test("environmentName() is the flag in upper snake case", () => {
  expect(environmentName("report-interval-ms")).toBe("AUGMENTER_REPORT_INTERVAL_MS");
});
