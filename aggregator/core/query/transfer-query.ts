/** EstimateTransfer and RankDestinations. */
import type { EstimateTransferRequest__Output } from "../../../proto/gen/augmenter/v1/EstimateTransferRequest.ts";
import type { FirstWindow } from "../../../proto/gen/augmenter/v1/FirstWindow.ts";
import type { RankDestinationsRequest__Output } from "../../../proto/gen/augmenter/v1/RankDestinationsRequest.ts";
import type { RankDestinationsResponse } from "../../../proto/gen/augmenter/v1/RankDestinationsResponse.ts";
import type { RankedDestination } from "../../../proto/gen/augmenter/v1/RankedDestination.ts";
import type { TransferEstimate } from "../../../proto/gen/augmenter/v1/TransferEstimate.ts";
import type { FieldViolation } from "../../../proto/status-details.ts";
import { queryBounds } from "../bounds.ts";
import type { PathBelief } from "../path-belief.ts";
import { pathKeyMessage } from "../path-message.ts";
import type { Steps } from "../steps.ts";
import { inParts } from "../steps.ts";
import type { TransferTime } from "../transfer-model.ts";
import { allTime, transferTime, wholeUs } from "../transfer-model.ts";
import type { View } from "../view.ts";
import { bestPath } from "./known-path.ts";
import { destinationsNamed, sourceNamed } from "./names.ts";
import { endsAsked, isSourceItself, pathBetween } from "./path-query.ts";
import { allValid, invalidField, invalidFields, notFound, violationOf } from "./query-fault.ts";
import { slowestUs, transferOf, transferPathOf, unknownFacts } from "./transfer-facts.ts";

const candidatesPerStep = 8;

/** What is to be transferred. */
interface Wanted {
  readonly bytes: number;
  readonly concurrent: number;
  readonly firstWindow: FirstWindow;
}

type Asked = Pick<EstimateTransferRequest__Output, "bytes" | "concurrent" | "firstWindow">;

/** Of a destination that is the source: nothing goes over the network, and nothing of it was measured. */
const atSource = {
  path: null,
  p50Us: 0,
  p90Us: 0,
  provenance: "PROVENANCE_UNSPECIFIED",
  confidence: 0,
  ageSeconds: 0,
  samples: 0,
  handshakeUs: 0,
  slowStartUs: 0,
  sendingUs: 0,
  lossUs: 0,
  windowSegments: 0,
  advised: false,
  shareBytesPerSecond: 0,
  rttUs: 0,
} as const satisfies TransferEstimate;

/** Answers EstimateTransfer. Throws QueryFault. */
export function estimateTransfer(
  view: View,
  request: EstimateTransferRequest__Output,
  nowMs: number,
): TransferEstimate {
  const [wanted, ends] = allValid(
    () => wantedOf(request),
    () => endsAsked(view, request),
  );
  if (isSourceItself(view, ends, ends.named)) return atSource;
  const path = pathBetween(view, ends, nowMs);
  const estimate = estimateFor(view, path, wanted, nowMs);
  if (estimate !== undefined) return estimate;
  const { source, destination } = request;
  const unknown = unknownFacts(path.record.estimate);
  throw notFound(`the ${unknown} of the path from ${JSON.stringify(source)} to ${JSON.stringify(destination)}`);
}

/** Answers RankDestinations. Throws QueryFault. */
export function* rankDestinations(
  view: View,
  request: RankDestinationsRequest__Output,
  nowMs: number,
): Steps<RankDestinationsResponse> {
  const violations: FieldViolation[] = [];
  const asked = request.candidates.slice(0, queryBounds.candidatesMax);
  const candidates = yield* destinationsNamed(view, "candidates", asked, violations);
  const [wanted, sourceId] = allValid(
    () => wantedOf(request),
    () => sourceNamed(view, "source", request.source),
    () => checkCandidates(request.candidates, violations),
  );
  const ranked = yield* inParts(candidates, candidatesPerStep, (candidate, index): RankedDestination => {
    const isSource = isSourceItself(view, { source: request.source, sourceId }, candidate);
    const path = isSource ? undefined : bestPath(view, sourceId, candidate, nowMs);
    const estimate = path === undefined ? undefined : estimateFor(view, path, wanted, nowMs);
    return { candidate: candidate.text, index, estimate: isSource ? atSource : (estimate ?? null) };
  });
  ranked.sort(byCompletion);
  return { destinations: request.limit === 0 ? ranked : ranked.slice(0, request.limit) };
}

function checkCandidates({ length }: readonly string[], violations: readonly FieldViolation[]): void {
  if (length === 0 || length > queryBounds.candidatesMax) {
    throw invalidField("candidates", `1..${queryBounds.candidatesMax} names`, length);
  }
  if (violations.length > 0) throw invalidFields(violations);
}

function estimateFor(view: View, path: PathBelief, wanted: Wanted, nowMs: number): TransferEstimate | undefined {
  const facts = transferPathOf(path.record.estimate);
  if (facts === undefined) return undefined;
  const { transfer, isAdvised } = transferOf(view, path.record, facts, wanted, nowMs);
  const all = allTime(facts, transfer);
  const time = transferTime(facts, transfer, all);
  const p50Us = wholeUs(time);
  const [handshakeUs, slowStartUs, sendingUs, lossUs] = partsOfWhole(p50Us, time);
  const { estimate } = path.record;
  return {
    path: pathKeyMessage(path.record),
    p50Us: Math.round(p50Us),
    p90Us: Math.round(slowestUs(estimate, facts, transfer, all, p50Us)),
    provenance: path.provenance,
    confidence: path.confidence,
    ageSeconds: path.ageSeconds,
    samples: estimate.rttSamples + estimate.rateSamples,
    handshakeUs,
    slowStartUs,
    sendingUs,
    lossUs,
    windowSegments: transfer.windowSegments,
    advised: isAdvised,
    shareBytesPerSecond: Math.round(
      Math.min(facts.rateBytesPerSecond, transfer.pacedBytesPerSecond ?? Number.POSITIVE_INFINITY) / wanted.concurrent,
    ),
    rttUs: Math.round(facts.rttUs),
  };
}

// Where each part ends is rounded, so the parts add up to the rounded whole and none is negative.
function partsOfWhole(p50Us: number, { handshakeUs, slowStartUs, sendingUs }: TransferTime) {
  const openedUs = Math.round(handshakeUs);
  const grownUs = Math.round(handshakeUs + slowStartUs);
  const sentUs = Math.round(handshakeUs + slowStartUs + sendingUs);
  return [openedUs, grownUs - openedUs, sentUs - grownUs, Math.round(p50Us) - sentUs] as const;
}

function wantedOf({ bytes, concurrent, firstWindow }: Asked): Wanted {
  const violations: FieldViolation[] = [];
  if (!(bytes >= 1 && bytes <= queryBounds.transferMaxBytes)) {
    violations.push(violationOf("bytes", `1..${queryBounds.transferMaxBytes}`, bytes));
  }
  if (concurrent > queryBounds.concurrentMax) {
    violations.push(violationOf("concurrent", `1..${queryBounds.concurrentMax} or 0`, concurrent));
  }
  // An enum value that this version does not know arrives as a number.
  if (typeof firstWindow !== "string") violations.push(violationOf("first_window", "a FirstWindow", firstWindow));
  if (violations.length > 0) throw invalidFields(violations);
  return { bytes, concurrent: Math.max(1, concurrent), firstWindow };
}

// Sorting is stable, so equals stay in the order of the request.
function byCompletion(left: RankedDestination, right: RankedDestination): number {
  const [leftUs, rightUs] = [timesOf(left), timesOf(right)];
  return leftUs.p50Us === rightUs.p50Us ? compare(leftUs.p90Us, rightUs.p90Us) : compare(leftUs.p50Us, rightUs.p50Us);
}

// Not a difference: what is not known is infinite.
function compare(left: number, right: number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function timesOf({ estimate }: RankedDestination): { readonly p50Us: number; readonly p90Us: number } {
  const unknown = Number.POSITIVE_INFINITY;
  return { p50Us: Number(estimate?.p50Us ?? unknown), p90Us: Number(estimate?.p90Us ?? unknown) };
}
