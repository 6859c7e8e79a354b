/** BatchGetPaths: many estimates in columns. */
import type { BatchGetPathsRequest__Output } from "../../../proto/gen/augmenter/v1/BatchGetPathsRequest.ts";
import type { FieldViolation } from "../../../proto/status-details.ts";
import { queryBounds } from "../bounds.ts";
import { confidenceOf } from "../confidence.ts";
import type { PathBelief } from "../path-belief.ts";
import { ageSecondsOf, measuredEstimate } from "../path-belief.ts";
import type { PathEstimateState } from "../path-estimate.ts";
import { minRttUsOf } from "../path-estimate.ts";
import { addressKey } from "../path-key.ts";
import type { View } from "../view.ts";
import { bestMeasured, bestPath } from "./known-path.ts";
import type { NamedDestination } from "./names.ts";
import { destinationsNamed, sourcesNamed } from "./names.ts";
import { provenanceNumbers } from "./provenance-numbers.ts";
import { invalidField, invalidFields } from "./query-fault.ts";

/** The columns of BatchGetPathsResponse, one element a pair. */
export interface PathColumns {
  /** By the number of the enum. */
  readonly provenance: Uint8Array;
  readonly confidence: Float32Array;
  readonly ageSeconds: Float32Array;
  readonly minRttUs: Uint32Array;
  readonly rttP50Us: Uint32Array;
  readonly rttP95Us: Uint32Array;
  readonly rateBytesPerSecond: Float32Array;
  readonly lossRatio: Float32Array;
  readonly samples: Uint32Array;
  readonly windowSegments: Uint32Array;
}

const any32 = 0xffff_ffff;

/** Answers BatchGetPaths. Throws QueryFault. */
export function batchGetPaths(view: View, request: BatchGetPathsRequest__Output, nowMs: number): PathColumns {
  const pairs = pairsOf(request);
  const violations: FieldViolation[] = [];
  const sources = sourcesNamed(view, "sources", request.sources, violations);
  const destinations = destinationsNamed(view, "destinations", request.destinations, violations);
  if (violations.length > 0) throw invalidFields(violations);
  const keys = destinations.map(({ addresses }) => addresses.map(addressKey));
  const columns = emptyColumns(pairs.count);
  for (let pair = 0; pair < pairs.count; pair += 1) {
    const source = sources[pairs.sourceOf(pair)] as string;
    const index = pairs.destinationOf(pair);
    const destination = destinations[index] as NamedDestination;
    const { addresses } = destination;
    const address = addresses.length === 1 ? 0 : bestMeasured(view, source, destination, nowMs);
    const measured = address < 0 ? undefined : measuredEstimate(view, source, addresses[address] as Uint8Array);
    if (measured !== undefined) {
      writeEstimate(columns, pair, measured);
      columns.provenance[pair] = provenanceNumbers.PROVENANCE_MEASURED;
      columns.confidence[pair] = confidenceOf(measured, nowMs);
      columns.ageSeconds[pair] = ageSecondsOf(measured, nowMs);
      columns.windowSegments[pair] = view.ledger.windowSegmentsOf(source, keys[index]?.[address] as string);
      continue;
    }
    const path = bestPath(view, source, destination, nowMs);
    if (path !== undefined) writeBelief(columns, pair, view, path);
  }
  return columns;
}

/** Columns of zeros: nothing is known of any pair. */
export function emptyColumns(count: number): PathColumns {
  return {
    provenance: new Uint8Array(count),
    confidence: new Float32Array(count),
    ageSeconds: new Float32Array(count),
    minRttUs: new Uint32Array(count),
    rttP50Us: new Uint32Array(count),
    rttP95Us: new Uint32Array(count),
    rateBytesPerSecond: new Float32Array(count),
    lossRatio: new Float32Array(count),
    samples: new Uint32Array(count),
    windowSegments: new Uint32Array(count),
  };
}

interface Pairs {
  readonly count: number;
  readonly sourceOf: (pair: number) => number;
  readonly destinationOf: (pair: number) => number;
}

function pairsOf(request: BatchGetPathsRequest__Output): Pairs {
  const { sources, destinations, sourceIndexes, destinationIndexes } = request;
  const { pairsMax } = queryBounds;
  for (const [field, { length }] of Object.entries({ sources, destinations })) {
    if (length === 0 || length > pairsMax) throw invalidField(field, `1..${pairsMax} names`, length);
  }
  if (sourceIndexes.length !== destinationIndexes.length) {
    throw invalidField(
      "destination_indexes",
      `as long as source_indexes, ${sourceIndexes.length}`,
      destinationIndexes.length,
    );
  }
  const isCross = sourceIndexes.length === 0;
  const count = isCross ? sources.length * destinations.length : sourceIndexes.length;
  if (count > pairsMax) throw invalidField("sources", `at most ${pairsMax} pairs with destinations`, count);
  if (isCross) {
    return {
      count,
      sourceOf: (pair) => Math.floor(pair / destinations.length),
      destinationOf: (pair) => pair % destinations.length,
    };
  }
  checkIndexes("source_indexes", sourceIndexes, sources.length);
  checkIndexes("destination_indexes", destinationIndexes, destinations.length);
  return {
    count,
    sourceOf: (pair) => sourceIndexes[pair] as number,
    destinationOf: (pair) => destinationIndexes[pair] as number,
  };
}

function checkIndexes(field: string, indexes: readonly number[], length: number): void {
  const wrong = indexes.findIndex((index) => index >= length);
  if (wrong >= 0) throw invalidField(`${field}[${wrong}]`, `0..${length - 1}`, indexes[wrong]);
}

function writeBelief(columns: PathColumns, pair: number, view: View, path: PathBelief): void {
  const { hostId, destination, estimate } = path.record;
  writeEstimate(columns, pair, estimate);
  columns.provenance[pair] = provenanceNumbers[path.provenance];
  columns.confidence[pair] = path.confidence;
  columns.ageSeconds[pair] = path.ageSeconds;
  columns.windowSegments[pair] = view.ledger.adviceFor(hostId, destination)?.windowSegments ?? 0;
}

function writeEstimate(columns: PathColumns, pair: number, estimate: PathEstimateState): void {
  columns.minRttUs[pair] = Math.round(minRttUsOf(estimate));
  columns.rttP50Us[pair] = Math.round(estimate.rttP50Us);
  columns.rttP95Us[pair] = Math.round(estimate.rttP95Us);
  columns.rateBytesPerSecond[pair] = estimate.rate.rateBytesPerSecond;
  columns.lossRatio[pair] = estimate.lossRatio;
  columns.samples[pair] = Math.min(any32, estimate.rttSamples + estimate.rateSamples);
}
