import { describe, expect, test } from "vitest";
import { labelledCells } from "../../../../cli/core/labelled-cells.ts";
import type { MatrixCell } from "../../../../cli/core/matrix-cells.ts";

function cell(source: string, destination: string, minRttUs: number, rateBytesPerSecond = 0): MatrixCell {
  const provenance = minRttUs === 0 ? "PROVENANCE_UNSPECIFIED" : "PROVENANCE_MEASURED";
  const rest = { lossRatio: 0, confidence: 1, ageSeconds: 0, paths: 1 };
  return { source, destination, provenance, minRttUs, rateBytesPerSecond, ...rest };
}

describe("labelledCells()", () => {
  test("are one a pair of labels, the slowest that is known", () => {
    const cells = [
      cell("z1/a", "z1/b", 2_000, 1e9),
      cell("z1/a", "z2/b", 90_000, 1e9),
      cell("z2/a", "z1/b", 0),
      cell("z2/a", "z2/b", 2_000, 1e6),
      cell("z1/b", "z1/a", 0),
      cell("z2/b", "z1/a", 3_000),
      cell("c", "c", 500),
    ];
    expect(labelledCells(cells)).toEqual([cell("a", "b", 2_000, 1e6), cell("b", "a", 3_000), cell("c", "c", 500)]);
  });
});
