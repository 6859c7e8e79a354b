import { expect, test } from "vitest";
import { isKnown, matrixCells } from "../../../../cli/core/matrix-cells.ts";

test("matrixCells() reads the columns row by row", () => {
  const cells = matrixCells({
    sources: ["a", "b"],
    destinations: ["x", "y", "z"],
    provenance: Array.from({ length: 6 }, (_, at) => (at === 5 ? "PROVENANCE_UNSPECIFIED" : "PROVENANCE_MEASURED")),
    minRttUs: [1, 2, 3, 4, 5, 0],
    rateBytesPerSecond: [10, 20, 30, 40, 50, 0],
    lossRatio: [0, 0, 0, 0.5, 0, 0],
    confidence: [1, 1, 1, 1, 1, 0],
    ageSeconds: [0, 0, 0, 0, 0, 0],
    paths: [1, 1, 1, 1, 1, 0],
    measuredElsewhere: [],
  });
  expect(cells.map(({ source, destination, minRttUs }) => `${source}${destination}${minRttUs}`)).toEqual([
    "ax1",
    "ay2",
    "az3",
    "bx4",
    "by5",
    "bz0",
  ]);
  expect(cells.filter(isKnown)).toHaveLength(5);
  expect(cells[3]).toMatchObject({ lossRatio: 0.5, rateBytesPerSecond: 40 });
});
