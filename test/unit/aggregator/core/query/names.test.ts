import { describe, expect, test } from "vitest";
import {
  destinationNamed,
  destinationsNamed,
  sourceNamed,
  sourcesNamed,
} from "../../../../../aggregator/core/query/names.ts";
import { inOneGo } from "../../../../../aggregator/core/steps.ts";
import type { FieldViolation } from "../../../../../proto/status-details.ts";
import { address, announcement, emptyView } from "../../fixtures.ts";

const view = emptyView();
view.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
view.hosts.announce(announcement("b", ["10.0.0.2", "10.1.0.2"]), "b", 0);

describe("sourceNamed()", () => {
  test.each([
    ["a", "a"],
    ["10.1.0.2", "b"],
    ["not-heard-of", "not-heard-of"],
    ["2001:db8::1", ""],
  ])("takes %j for %j", (text, hostId) => {
    expect(sourceNamed(view, "source", text)).toBe(hostId);
  });

  test.each(["", "a b", "-a", "x".repeat(129)])("refuses %j", (text) => {
    expect(() => sourceNamed(view, "source", text)).toThrow(/^Cannot use source as/);
  });
});

describe("destinationNamed()", () => {
  test.each([
    ["b", "b", ["10.0.0.2", "10.1.0.2"]],
    ["10.9.9.9", undefined, ["10.9.9.9"]],
    ["not-heard-of", "not-heard-of", []],
  ])("takes %j for %j with %j", (text, hostId, addresses) => {
    expect(destinationNamed(view, "destination", text)).toEqual({
      text,
      hostId,
      addresses: addresses.map(address),
    });
  });

  test.each(["", "10.0.0.0/8", "a b"])("refuses %j", (text) => {
    expect(() => destinationNamed(view, "destination", text)).toThrow(/^Cannot use destination as/);
  });
});

test("sourcesNamed() and destinationsNamed() name each that is wrong by its place", () => {
  const violations: FieldViolation[] = [];
  inOneGo(sourcesNamed(view, "sources", ["a", "a b"], violations));
  inOneGo(destinationsNamed(view, "destinations", ["/", "b", "?"], violations));
  expect(violations.map(({ field }) => field)).toEqual(["sources[1]", "destinations[0]", "destinations[2]"]);
  expect(violations[1]?.description).toBe(
    'Cannot use destinations[0] as it must be an IP address or the id of a host: current value is "/"',
  );
});
