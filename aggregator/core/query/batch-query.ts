/** BatchGetPaths: many estimates in columns. */
import type { BatchGetPathsRequest__Output } from "../../../proto/gen/augmenter/v1/BatchGetPathsRequest.ts";
import type { FieldViolation } from "../../../proto/status-details.ts";
import { queryBounds } from "../bounds.ts";
import { confidenceOf } from "../confidence.ts";
import type { PathBelief } from "../path-belief.ts";
import { ageSecondsOf } from "../path-belief.ts";
import { minRttUsOf } from "../path-estimate.ts";
import type { PathGlance } from "../path-glance.ts";
import type { Steps } from "../steps.ts";
import type { View } from "../view.ts";
import { bestPath } from "./known-path.ts";
import { MeasuredPairs } from "./measured-pairs.ts";
import type { NamedDestination } from "./names.ts";
import { destinationsNamed, sourcesNamed } from "./names.ts";
import type { PathColumns } from "./path-columns.ts";
import { emptyColumns } from "./path-columns.ts";
import { provenanceNumbers } from "./provenance-numbers.ts";
import { invalidField, invalidFields } from "./query-fault.ts";

const any32 = 0xffff_ffff;

const pairsPerStep = 64;

/** Answers BatchGetPaths. Throws QueryFault. */
export function* batchGetPaths(view: View, request: BatchGetPathsRequest__Output, nowMs: number): Steps<PathColumns> {
  const pairs = pairsOf(request);
  const violations: FieldViolation[] = [];
  const sources = yield* sourcesNamed(view, "sources", request.sources, violations);
  const destinations = yield* destinationsNamed(view, "destinations", request.destinations, violations);
  if (violations.length > 0) throw invalidFields(violations);
  const columns = emptyColumns(pairs.count);
  const measured = new MeasuredPairs(view, destinations, nowMs);
  let last = -1;
  for (let pair = 0; pair < pairs.count; pair += 1) {
    if (pair % pairsPerStep === 0 && (yield)) {
      measured.renew();
      last = -1;
    }
    const index = pairs.sourceOf(pair);
    const source = sources[index] as string;
    if (index !== last) measured.from(source);
    last = index;
    const place = pairs.destinationOf(pair);
    if (measured.look(place)) {
      writeGlance(columns, pair, measured.glance);
      columns.provenance[pair] = provenanceNumbers.PROVENANCE_MEASURED;
      columns.confidence[pair] = confidenceOf(measured.glance, nowMs);
      columns.ageSeconds[pair] = ageSecondsOf(measured.glance, nowMs);
      columns.windowSegments[pair] = measured.windowSegments;
      continue;
    }
    const path = bestPath(view, source, destinations[place] as NamedDestination, nowMs);
    if (path !== undefined) writeBelief(columns, pair, view, path);
  }
  return columns;
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
  const { rateBytesPerSecond } = estimate.rate;
  writeGlance(columns, pair, { ...estimate, minRttUs: minRttUsOf(estimate), rateBytesPerSecond });
  columns.provenance[pair] = provenanceNumbers[path.provenance];
  columns.confidence[pair] = path.confidence;
  columns.ageSeconds[pair] = path.ageSeconds;
  columns.windowSegments[pair] = view.ledger.adviceFor(hostId, destination)?.windowSegments ?? 0;
}

function writeGlance(columns: PathColumns, pair: number, glance: PathGlance): void {
  columns.minRttUs[pair] = Math.round(glance.minRttUs);
  columns.rttP50Us[pair] = Math.round(glance.rttP50Us);
  columns.rttP95Us[pair] = Math.round(glance.rttP95Us);
  columns.rateBytesPerSecond[pair] = glance.rateBytesPerSecond;
  columns.lossRatio[pair] = glance.lossRatio;
  columns.samples[pair] = Math.min(any32, glance.rttSamples + glance.rateSamples);
}
