import { expect, test } from "vitest";
import { getPath, listPaths } from "../../../../../aggregator/core/query/path-query.ts";
import { emptyView } from "../../fixtures.ts";

function violationsOf(fields: readonly string[]) {
  return expect.objectContaining({
    code: "INVALID_ARGUMENT",
    violations: fields.map((field) => expect.objectContaining({ field })),
  });
}

test("getPath() names both ends where both are wrong", () => {
  expect(() => getPath(emptyView(), { source: "a b", destination: "" }, 0)).toThrow(
    violationsOf(["source", "destination"]),
  );
  expect(() => getPath(emptyView(), { source: "a", destination: "" }, 0)).toThrow(violationsOf(["destination"]));
});

test("getPath() tells which hosts nobody knows", () => {
  expect(() => getPath(emptyView(), { source: "a", destination: "b" }, 0)).toThrow(
    expect.objectContaining({
      code: "NOT_FOUND",
      message: 'Cannot find a path from "a" to "b": no host "a" and no host "b" is known',
    }),
  );
});

test("listPaths() names every wrong field", () => {
  const filter = { source: "a b", destination: "?" };
  expect(() => listPaths(emptyView(), { filter, pageSize: -1, pageToken: "!" }, 0)).toThrow(
    violationsOf(["filter.source", "filter.destination", "page_size", "page_token"]),
  );
  expect(() => listPaths(emptyView(), { filter: null, pageSize: -1, pageToken: "!" }, 0)).toThrow(
    violationsOf(["page_size", "page_token"]),
  );
});
