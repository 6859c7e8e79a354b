import { expect, test } from "vitest";
import { invalidFields, notFound, violationOf } from "../../../../../aggregator/core/query/query-fault.ts";
import { toldFault } from "../../../../../aggregator/core/query/told-fault.ts";
import { statusDetails } from "../../../../../proto/status-details.ts";

function wrongNames(count: number, text: string) {
  return invalidFields(Array.from({ length: count }, (_, index) => violationOf(`names[${index}]`, "a name", text)));
}

test("toldFault() tells twenty wrong fields as they are, and of more how many there are besides", () => {
  const twenty = wrongNames(20, "?");
  expect(toldFault(twenty)).toEqual({ message: twenty.message, violations: twenty.violations });
  const many = wrongNames(1_000, "?");
  expect(toldFault(many)).toEqual({
    message: `${many.message}, and 999 more`,
    violations: [...many.violations.slice(0, 20), { field: "", description: "and 980 more" }],
  });
});

test.each(["x".repeat(256), "\u{1f600}".repeat(128), "\u0000".repeat(256), '"'.repeat(256), "ж".repeat(9_999)])(
  "toldFault() stays below what clients take, whatever is wrong",
  (text) => {
    const { message, violations } = toldFault(wrongNames(4_096, text));
    const details = statusDetails(3, message, violations).toString("base64");
    expect(details.length + encodeURI(message).length).toBeLessThan(8_000);
    expect(violations.length).toBeGreaterThan(2);
    expect(violations.at(-1)?.description).toBe(`and ${4_096 - violations.length + 1} more`);
  },
);

test("toldFault() leaves no half of a character", () => {
  for (let length = 500; length < 520; length += 1) {
    const { message } = toldFault(notFound(`${"x".repeat(length)}\u{1f600}${"y".repeat(100)}`));
    expect(message).toMatch(/^Cannot find x+(\u{1f600}?y*)\.\.\.$/u);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(515);
  }
  // A text that is cut within a pair of surrogates would end the program: gRPC encodes its message as a URI.
  const split = invalidFields([violationOf("name", "a name", `${'"'.repeat(128)}\u{1f600}`)]);
  expect(() => encodeURI(split.message)).toThrow();
  expect(() => encodeURI(toldFault(split).message)).not.toThrow();
});
