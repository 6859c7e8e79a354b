import { expect, test } from "vitest";
import { checkTexts } from "../../../../../aggregator/core/query/text-lengths.ts";

const long = "x".repeat(257);

test("checkTexts() names every text that is too long, wherever it is", () => {
  const request = { filter: { hostId: long, rack: long.slice(1) }, candidates: ["a", long], pageToken: long, bytes: 1 };
  const fields = ["filter.host_id", "candidates[1]", "page_token"];
  expect(() => checkTexts(request)).toThrow(
    expect.objectContaining({
      code: "INVALID_ARGUMENT",
      violations: fields.map((field) => expect.objectContaining({ field })),
    }),
  );
});

test("checkTexts() takes texts of 256 characters, and what is no text", () => {
  const request = { filter: null, sources: [long.slice(1)], sourceIndexes: [0, 300], bytes: 1e12 };
  expect(() => checkTexts(request)).not.toThrow();
});
