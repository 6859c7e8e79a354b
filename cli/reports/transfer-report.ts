/** When transfers would finish, as tables. */
import { ageText, bytesText, durationText, rateText } from "../../common/quantities.ts";
import type { RankDestinationsResponse__Output } from "../../proto/gen/augmenter/v1/RankDestinationsResponse.ts";
import type { RankedDestination__Output } from "../../proto/gen/augmenter/v1/RankedDestination.ts";
import type { TransferEstimate__Output } from "../../proto/gen/augmenter/v1/TransferEstimate.ts";
import type { Cell, Column, Report } from "../core/report.ts";
import { factsTable } from "../core/report.ts";
import { elsewhereNotes } from "./elsewhere-note.ts";
import { provenanceText, trustCell, unknownText } from "./path-report.ts";

const rankColumns: readonly Column[] = [
  { title: "" },
  { title: "destination", isText: true },
  { title: "half within" },
  { title: "9 of 10 within" },
  { title: "RTT", isWide: true },
  { title: "share", isWide: true },
  { title: "window", isWide: true },
  { title: "trust" },
  { title: "provenance", isText: true },
  { title: "age", isWide: true },
];

/** One transfer, and what its time is made of. */
export function estimateReport(estimate: TransferEstimate__Output, bytes: number): Report {
  if (estimate.path === null) return sourceReport(estimate, bytes);
  const window = `${estimate.windowSegments} segments, ${estimate.advised ? "advised" : "the kernel's"}`;
  return {
    value: estimate,
    tables: [
      factsTable("", [
        ["path", `${estimate.path?.source ?? ""} -> ${estimate.path?.destination ?? ""}`],
        ["payload", bytesText(bytes)],
        ["half within", { text: durationText(estimate.p50Us), tone: "good" }],
        ["9 of 10 within", durationText(estimate.p90Us)],
        ["confidence", trustCell(estimate.confidence)],
        ["provenance", `${provenanceText(estimate.provenance)}, ${ageText(estimate.ageSeconds)} old`],
      ]),
      factsTable("made of", [
        ["connection and request", durationText(estimate.handshakeUs)],
        ["slow start", durationText(estimate.slowStartUs)],
        ["sending", durationText(estimate.sendingUs)],
        ["repairing losses", durationText(estimate.lossUs)],
      ]),
      factsTable("assuming", [
        ["first window", window],
        ["share of the rate", rateText(estimate.shareBytesPerSecond)],
        ["RTT", durationText(estimate.rttUs)],
      ]),
    ],
    notes: elsewhereNotes(estimate.measuredElsewhere),
  };
}

// What is there already goes over no path, and nothing of it was measured.
function sourceReport(estimate: TransferEstimate__Output, bytes: number): Report {
  const now = durationText(0);
  const facts: readonly (readonly [string, Cell])[] = [
    ["path", "none: the destination is the source itself"],
    ["payload", bytesText(bytes)],
    ["half within", { text: now, tone: "good" }],
    ["9 of 10 within", now],
  ];
  return { value: estimate, tables: [factsTable("", facts)], notes: [] };
}

/** Destinations, the one where a transfer would finish first on top. */
export function rankReport(
  source: string,
  { destinations, measuredElsewhere }: RankDestinationsResponse__Output,
): Report {
  return {
    value: { source, destinations, measuredElsewhere },
    tables: [{ columns: rankColumns, rows: destinations.map(rankRow), empty: "No destinations." }],
    notes: elsewhereNotes(measuredElsewhere),
  };
}

function rankRow({ candidate, estimate }: RankedDestination__Output, place: number): Cell[] {
  if (estimate === null) {
    const nothing = rankColumns.slice(2).map((): Cell => ({ text: unknownText, tone: "dim" }));
    return [{ text: unknownText, tone: "dim" }, candidate, ...nothing];
  }
  if (estimate.path === null) return sourceRow(candidate, place);
  return [
    String(place + 1),
    candidate,
    place === 0 ? { text: durationText(estimate.p50Us), tone: "good" } : durationText(estimate.p50Us),
    durationText(estimate.p90Us),
    durationText(estimate.rttUs),
    rateText(estimate.shareBytesPerSecond),
    `${estimate.windowSegments}${estimate.advised ? " advised" : ""}`,
    trustCell(estimate.confidence),
    provenanceText(estimate.provenance),
    ageText(estimate.ageSeconds),
  ];
}

// What is there already goes over no path.
function sourceRow(candidate: string, place: number): Cell[] {
  const none: Cell = { text: unknownText, tone: "dim" };
  const now = durationText(0);
  return [String(place + 1), candidate, { text: now, tone: "good" }, now, none, none, none, none, "the source", none];
}
