/** A matrix as cells: what GetMatrix answers in columns, one record a pair. */
import type { GetMatrixResponse__Output } from "../../proto/gen/augmenter/v1/GetMatrixResponse.ts";

/** One pair; every number is 0 where nothing is known. */
export interface MatrixCell {
  readonly source: string;
  readonly destination: string;
  readonly provenance: string;
  readonly minRttUs: number;
  readonly rateBytesPerSecond: number;
  readonly lossRatio: number;
  readonly confidence: number;
  readonly ageSeconds: number;
  readonly paths: number;
}

/** Row by row, in the order of the answer. */
export function matrixCells(matrix: GetMatrixResponse__Output): readonly MatrixCell[] {
  return matrix.sources.flatMap((source, row) =>
    matrix.destinations.map((destination, column) => {
      const at = row * matrix.destinations.length + column;
      return {
        source,
        destination,
        provenance: matrix.provenance[at] ?? "PROVENANCE_UNSPECIFIED",
        minRttUs: matrix.minRttUs[at] ?? 0,
        rateBytesPerSecond: matrix.rateBytesPerSecond[at] ?? 0,
        lossRatio: matrix.lossRatio[at] ?? 0,
        confidence: matrix.confidence[at] ?? 0,
        ageSeconds: matrix.ageSeconds[at] ?? 0,
        paths: matrix.paths[at] ?? 0,
      };
    }),
  );
}

/** Whether anything is known of a pair. */
export function isKnown(cell: MatrixCell): boolean {
  return cell.provenance !== "PROVENANCE_UNSPECIFIED";
}
