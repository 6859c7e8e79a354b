import { expect, test } from "vitest";
import { fieldViolations, statusDetails } from "../../../proto/status-details.ts";

test("statusDetails() is google.rpc.Status with a BadRequest, byte for byte", () => {
  // As protoc encodes: code 3, message "m", one Any of BadRequest { field_violations { field "f" description "d" } }.
  const url = "type.googleapis.com/google.rpc.BadRequest";
  const badRequest = Buffer.from([0x0a, 6, 0x0a, 1, 0x66, 0x12, 1, 0x64]);
  const any = Buffer.concat([Buffer.from([0x0a, url.length]), Buffer.from(url), Buffer.from([0x12, 8]), badRequest]);
  const expected = Buffer.concat([Buffer.from([0x08, 3, 0x12, 1, 0x6d, 0x1a, any.length]), any]);
  expect(statusDetails(3, "m", [{ field: "f", description: "d" }])).toEqual(expected);
});

test("fieldViolations() reads back what statusDetails() wrote, and nothing from anything else", () => {
  const violations = [
    { field: "source", description: "Cannot use source" },
    { field: "candidates[3]", description: "Cannot use candidates[3]" },
  ];
  expect(fieldViolations(statusDetails(3, "Cannot use source", violations))).toEqual(violations);
  expect(fieldViolations(Buffer.from([0xff, 0xff, 0xff]))).toEqual([]);
  expect(fieldViolations(Buffer.alloc(0))).toEqual([]);
});
