import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { isPrintableDocument, printable, printableJson, printableYaml } from "../../../common/printable-text.ts";

const hidden = "a\u200bb\u202ec\u001b[31m\u2028\u009b\u{e0041}";

test("printable() shows what would hide, turn or colour, and leaves the rest", () => {
  expect(printable(hidden)).toBe("a\\u{200b}b\\u{202e}c\\u{1b}[31m\\u{2028}\\u{9b}\\u{e0041}");
  expect(printable("Zürich 東京 -> b1")).toBe("Zürich 東京 -> b1");
});

test("printableJson() is the same value", () => {
  const text = JSON.stringify({ rack: hidden });
  expect(isPrintableDocument(text)).toBe(false);
  expect(printableJson(text)).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(printableJson(text))).toEqual({ rack: hidden });
  expect(isPrintableDocument(printableJson(text))).toBe(true);
  expect(isPrintableDocument('{\n  "a": 1\n}')).toBe(true);
});

test("printableYaml() is the same value", () => {
  const text = stringify({ rack: hidden }, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
  expect(printableYaml(text)).toMatch(/^[\x20-\x7e\n]*$/);
  expect(parse(printableYaml(text))).toEqual({ rack: hidden });
});
