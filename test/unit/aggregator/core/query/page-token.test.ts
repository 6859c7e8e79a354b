import fc from "fast-check";
import { expect, test } from "vitest";
import { pathKey } from "../../../../../aggregator/core/path-key.ts";
import { keyOfPageToken, pageTokenFor } from "../../../../../aggregator/core/query/page-token.ts";

test("keyOfPageToken() reads what pageTokenFor() wrote", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,40}[A-Za-z0-9])?$/),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (hostId, destination) => {
        const key = pathKey(hostId, destination);
        expect(keyOfPageToken(pageTokenFor(key))).toBe(key);
      },
    ),
  );
});

test("keyOfPageToken() refuses anything else, and never throws", () => {
  for (const token of [
    "",
    "x",
    "AAAA",
    "=".repeat(40),
    pageTokenFor("no space here"),
    pageTokenFor("-bad 0123456789abcdef"),
  ]) {
    expect(keyOfPageToken(token)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.string(), (token) => {
      const key = keyOfPageToken(token);
      if (key !== undefined) expect(pageTokenFor(key)).toBe(token);
    }),
  );
});
