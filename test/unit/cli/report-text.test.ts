import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Report } from "../../../cli/core/report.ts";
import { reportText } from "../../../cli/report-text.ts";

const report: Report = {
  value: { rows: [1, 2] },
  tables: [
    {
      columns: [{ title: "name", isText: true }, { title: "n" }, { title: "more", isWide: true }],
      rows: [
        ["a", "1", "x"],
        ["bbb", { text: "22", tone: "warn" }, "y"],
      ],
      empty: "None.",
    },
  ],
  notes: ["and 3 more"],
};
const look = { format: "table", isColoured: false, isRepeated: false } as const;

describe("reportText()", () => {
  test("lines columns up, without wide ones", () => {
    expect(reportText(report, look)).toBe("name   n\na      1\nbbb   22\nand 3 more\n");
  });

  test("shows wide columns with -o wide", () => {
    expect(reportText(report, { ...look, format: "wide" }).split("\n")[1]).toBe("a      1     x");
  });

  test("colours only where it is told to", () => {
    expect(reportText(report, { ...look, isColoured: true })).toContain("\u001b[33m22");
    expect(reportText(report, look)).not.toContain("\u001b");
  });

  test("shows what hosts call themselves in printable characters only, in every format", () => {
    const rack = "r\u202e\u200b\u001b[31m: 1";
    const value = { rack, rows: 1 };
    const hostile: Report = {
      value,
      tables: [{ heading: rack, columns: [{ title: rack }], rows: [[rack], [{ text: rack, tone: "bad" }]], empty: "" }],
      notes: [rack],
    };
    const texts = (["table", "wide", "json", "yaml"] as const).map((format) =>
      reportText(hostile, { ...look, format }),
    );
    for (const text of texts) expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(texts[0]?.match(/\\u\{202e\}/g)).toHaveLength(5);
    expect(JSON.parse(texts[2] ?? "")).toEqual(value);
    expect(parse(texts[3] ?? "")).toEqual(value);
  });

  test("says so where there are no rows", () => {
    const tables = report.tables.map((table) => ({ ...table, rows: [] }));
    expect(reportText({ ...report, tables, notes: [] }, look)).toBe("None.\n");
  });

  test.each([false, true])("prints the value as JSON and YAML, repeated: %s", (isRepeated) => {
    const json = reportText(report, { ...look, format: "json", isRepeated });
    expect(JSON.parse(json)).toEqual(report.value);
    expect(json.trimEnd().includes("\n")).toBe(!isRepeated);
    expect(parse(reportText(report, { ...look, format: "yaml", isRepeated }))).toEqual(report.value);
  });

  test("prints what another program reads as it is", () => {
    expect(reportText({ ...report, text: "SwitchName=a\n" }, look)).toBe("SwitchName=a\n");
    expect(reportText({ ...report, text: "SwitchName=a\n" }, { ...look, format: "json" })).toContain('"rows"');
  });
});
