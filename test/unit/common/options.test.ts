import { describe, expect, test } from "vitest";
import { ExitError, exitCodes } from "../../../common/exit-codes.ts";
import { flag, integerBetween, natsUrls, textOfLength } from "../../../common/option-schemas.ts";
import { readOptions } from "../../../common/options.ts";

const program = {
  name: "augmenter-example",
  description: "An example.",
  options: {
    "report-interval-ms": { description: "how often", schema: integerBetween(100, 60_000), default: "1000" },
    "nats-url": { description: "where", schema: natsUrls(), default: "nats://127.0.0.1:4222" },
    apply: { description: "grant", schema: flag(), default: "false", isFlag: true },
    rack: { description: "rack", schema: textOfLength(0, 8), default: "" },
  },
} as const;

const demanding = {
  ...program,
  options: { "host-id": { description: "name of this host", schema: textOfLength(1, 8) } },
} as const;

function problemOf(
  argv: readonly string[],
  environment = {},
  spec: Parameters<typeof readOptions>[0] = program,
): ExitError {
  try {
    readOptions(spec, argv, environment);
  } catch (error) {
    if (error instanceof ExitError) return error;
  }
  throw new Error("Cannot see an ExitError");
}

describe("readOptions()", () => {
  test("prefers flags to the environment and the environment to defaults, and knows which", () => {
    const outcome = readOptions(program, ["--report-interval-ms", "200", "--apply"], {
      AUGMENTER_REPORT_INTERVAL_MS: "300",
      AUGMENTER_RACK: "r1",
    });
    expect(outcome).toEqual({
      kind: "values",
      values: { reportIntervalMs: 200, natsUrl: "nats://127.0.0.1:4222", apply: true, rack: "r1" },
      origins: { "report-interval-ms": "flag", "nats-url": "default", apply: "flag", rack: "environment" },
    });
  });

  test.each([
    ["true", true],
    ["false", false],
  ])("reads a switch from the environment: %s", (text, value) => {
    expect(readOptions(program, [], { AUGMENTER_APPLY: text })).toMatchObject({ values: { apply: value } });
  });

  test("names a bad value as it was given", () => {
    expect(problemOf(["--report-interval-ms=5"])).toMatchObject({
      code: exitCodes.badConfiguration,
      message: "Cannot use --report-interval-ms as it must be 100..60000: current value is 5",
    });
    expect(problemOf([], { AUGMENTER_APPLY: "yes" }).message).toBe(
      "Cannot use AUGMENTER_APPLY as it must be true or false: current value is yes",
    );
  });

  test.each([[["--bogus"]], [["extra"]], [["--rack"]]])("refuses %j", (argv) => {
    const problem = problemOf(argv);
    expect(problem.code).toBe(exitCodes.badConfiguration);
    expect(problem.message).toMatch(/^Cannot read the options: (?!error)/);
  });

  test("demands an option without a default", () => {
    expect(problemOf([], {}, demanding).message).toBe(
      "Cannot start without --host-id (AUGMENTER_HOST_ID): name of this host",
    );
    expect(readOptions(demanding, [], { AUGMENTER_HOST_ID: "h" })).toMatchObject({ values: { hostId: "h" } });
  });

  test("gives help and version as texts", () => {
    const help = readOptions(program, ["--help"], {});
    expect(help).toMatchObject({ kind: "text" });
    const text = help.kind === "text" ? help.text.replaceAll(/\s+/g, " ") : "";
    expect(text).toContain("--report-interval-ms <value> how often (AUGMENTER_REPORT_INTERVAL_MS, default 1000)");
    expect(text).toContain("--rack <value> rack (AUGMENTER_RACK, default empty)");
    expect(readOptions(program, ["--version"], {})).toEqual({
      kind: "text",
      text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test("prints every value and its origin with --check-config, without passwords, and still refuses bad ones", () => {
    const outcome = readOptions(program, ["--check-config", "--nats-url", "nats://user:secret@h:1"], {
      AUGMENTER_RACK: "r",
    });
    expect(outcome).toEqual({
      kind: "text",
      text: "report-interval-ms = 1000 (default)\nnats-url = nats://***@h:1 (flag)\napply = false (default)\nrack = r (environment)\n",
    });
    expect(problemOf(["--check-config", "--report-interval-ms=5"]).code).toBe(exitCodes.badConfiguration);
    expect(problemOf(["--nats-url", "http://user:secret@h"]).message).not.toContain("secret");
  });
});
