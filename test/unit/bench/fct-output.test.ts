import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chartOf } from "../../bench/fct-chart.ts";
import { RunClock } from "../../bench/fct-clock.ts";
import { failuresText } from "../../bench/fct-report.ts";
import { readResults } from "../../bench/fct-results.ts";
import { ResultsFile } from "../../bench/results-file.ts";
import { row, timed } from "./fct-fixtures.ts";

const results = [
  row("a", { default: timed(20, 40), iw45: timed(15, 60), augmenter: timed(10, 20) }),
  row("b", { default: timed(80, 90), iw45: timed(50, 95), augmenter: timed(40, 45) }, { rtt_ms: 50 }),
];

describe("results file", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "augmenter-fct-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("is added to when resumed, and what is left of a broken-off line is passed over", () => {
    const path = join(folder, "inner", "results.ndjson");
    new ResultsFile(path, false).append(row("a", {}));
    writeFileSync(path, '{"cell":"b","sys', { flag: "a" });
    new ResultsFile(path, true).append(row("c", {}));
    expect([...readResults(path).keys()]).toEqual(["a", "c"]);
  });

  test("begins anew otherwise, and keeps the older one aside", () => {
    const path = join(folder, "results.ndjson");
    new ResultsFile(path, false).append(row("a", {}));
    new ResultsFile(path, false);
    expect(readResults(path).size).toBe(0);
    expect(readFileSync(`${path}.old`, "utf8")).toContain('"cell":"a"');
  });
});

describe("bench:fct --summarize", () => {
  test("refuses where there are no results, and writes no chart", () => {
    const folder = mkdtempSync(join(tmpdir(), "augmenter-fct-"));
    const chart = join(folder, "chart.svg");
    const fct = join(import.meta.dirname, "../../../dist/test/bench/fct.js");
    const options = ["--summarize", "--results", join(folder, "none.ndjson"), "--chart", chart];
    const { status, stderr } = spawnSync(process.execPath, [fct, ...options], { encoding: "utf8" });
    expect({ status, isWritten: existsSync(chart) }).toEqual({ status: 2, isWritten: false });
    expect(stderr).toContain("there are no results");
    rmSync(folder, { recursive: true });
  });
});

describe("RunClock", () => {
  test("corrects what was expected by what came true", () => {
    let nowMs = 0;
    const clock = new RunClock([10, 20, 30], () => nowMs);
    expect(clock.leftSeconds).toBe(60);
    nowMs = 20_000;
    clock.next();
    expect(clock.leftSeconds).toBe(100);
    expect(clock.text()).toBe("1/3, 100 s left");
  });

  test("shareOf() gives a cell its part of the time that is left", () => {
    let nowMs = 0;
    const clock = new RunClock([10, 30], () => nowMs);
    expect(clock.shareOf(0, 80)).toBe(20);
    nowMs = 20_000;
    clock.next();
    expect(clock.shareOf(1, 80)).toBe(60);
    nowMs = 100_000;
    expect(clock.shareOf(1, 80)).toBe(0);
  });
});

describe("failuresText()", () => {
  const failing = { ...timed(10), errors: 2 };

  test("names the systems whose transfers failed, over all cells", () => {
    const text = failuresText([
      row("a", { default: timed(10), augmenter: failing }),
      row("b", { default: failing, augmenter: failing }),
    ]);
    expect(text).toBe("transfers failed, and count with 30 s each: 2 of default, 4 of augmenter");
  });

  test("is undefined where none did", () => {
    expect(failuresText(results)).toBeUndefined();
  });
});

describe("chartOf()", () => {
  test("draws a curve for each system that was measured, in four panels", () => {
    const svg = chartOf(results);
    expect(svg.match(/<polyline /g)).toHaveLength(2 * 3);
    expect(svg).toContain("2 cells");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("draws no p99 of fewer than 100 transfers", () => {
    const few = row("a", { default: timed(20, 40), iw45: timed(15, 60, 10), augmenter: timed(10, 20) });
    expect(chartOf([few]).match(/<polyline /g)).toHaveLength(3 + 2);
  });

  test("does not break on nothing", () => {
    expect(chartOf([])).not.toMatch(/NaN|Infinity|undefined/);
  });
});
