import { describe, expect, test } from "vitest";
import { nearNames, suggestion } from "../../../../cli/core/near-names.ts";

describe("nearNames()", () => {
  test.each([
    ["web-01", ["web-01", "web-02", "mail-01"], ["web-01", "web-02"]],
    ["wbe-1", ["web-1", "db-1"], ["web-1"]],
    ["WEB-1", ["web-1"], ["web-1"]],
    ["web", ["web-1.example.org", "mail"], ["web-1.example.org"]],
    ["a", ["b", "zz"], ["b"]],
    ["entirely-other", ["web-1"], []],
    ["", ["a"], []],
  ])("of %j among %j are %j", (text, names, near) => {
    expect(nearNames(text, names)).toEqual(near);
  });

  test("are three at most, the nearest first", () => {
    expect(nearNames("node-1", ["node-21", "node-11", "node-1", "node-12", "node-13"])).toEqual([
      "node-1",
      "node-11",
      "node-12",
    ]);
  });
});

test("suggestion() reads as a question, and is empty where nothing is near", () => {
  expect(suggestion("b1", ["a1", "b2", "b3"])).toBe("did you mean a1, b2 or b3?");
  expect(suggestion("pths", ["paths", "hosts"])).toBe("did you mean paths?");
  expect(suggestion("xyz", ["paths"])).toBe("");
});
