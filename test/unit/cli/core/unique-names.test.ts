import { expect, test } from "vitest";
import { UniqueNames } from "../../../../cli/core/unique-names.ts";

test("UniqueNames gives each name once", () => {
  const names = new UniqueNames("-");
  expect(["a", "a", "a-2", "b", "a"].map((name) => names.unique(name))).toEqual(["a", "a-2", "a-2-2", "b", "a-3"]);
});
