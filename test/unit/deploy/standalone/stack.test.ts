import { describe, expect, test } from "vitest";
import { unexpectedEnd } from "../../../../deploy/standalone/stack.ts";

describe("unexpectedEnd()", () => {
  const end = { name: "agent", code: null, signal: null, lastLines: [] };

  test("passes on a code of ours with the last words", () => {
    const error = unexpectedEnd({ ...end, code: 5, lastLines: ["Cannot load BPF programs"] });
    expect(error).toMatchObject({ code: 5, message: "The agent ended with code 5: Cannot load BPF programs" });
  });

  test.each([0, 1, 77])("is a fault where a program ends with code %d", (code) => {
    expect(unexpectedEnd({ ...end, code })).toMatchObject({ code: 1, message: `The agent ended with code ${code}` });
  });

  test("is a fault where a program is killed", () => {
    expect(unexpectedEnd({ ...end, signal: "SIGKILL" })).toMatchObject({
      code: 1,
      message: "The agent ended by SIGKILL",
    });
  });
});
