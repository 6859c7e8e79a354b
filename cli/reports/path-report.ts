/** Paths as tables. */
import { ageText, bytesText, countText, durationText, rateText, shareText } from "../../common/quantities.ts";
import type { PathAdvice__Output } from "../../proto/gen/augmenter/v1/PathAdvice.ts";
import type { PathEstimate__Output } from "../../proto/gen/augmenter/v1/PathEstimate.ts";
import type { Cell, Column, Report, Table } from "../core/report.ts";
import { factsTable } from "../core/report.ts";
import { elsewhereNotes } from "./elsewhere-note.ts";

/** Stands for a number that is not known. */
export const unknownText = "-";

const columns: readonly Column[] = [
  { title: "source", isText: true },
  { title: "destination", isText: true },
  { title: "host", isText: true },
  { title: "RTT min" },
  { title: "RTT p50" },
  { title: "RTT p95", isWide: true },
  { title: "rate" },
  { title: "loss" },
  { title: "BDP", isWide: true },
  { title: "window" },
  { title: "mode", isText: true, isWide: true },
  { title: "trust" },
  { title: "age" },
  { title: "samples", isWide: true },
  { title: "failed", isWide: true },
  { title: "provenance", isText: true, isWide: true },
  { title: "racks", isText: true, isWide: true },
];

/** Many paths, a row each. */
export function pathsReport(paths: readonly PathEstimate__Output[], notes: readonly string[] = []): Report {
  return { value: { paths }, tables: [pathsTable(paths)], notes };
}

/** The rows alone. */
export function pathsTable(paths: readonly PathEstimate__Output[]): Table {
  return { columns, rows: paths.map(row), empty: "No paths." };
}

/** One path, everything that is known of it. */
export function pathReport(path: PathEstimate__Output): Report {
  return {
    value: path,
    tables: [factsTable("", pathFacts(path)), adviceTable(path.advice, "advice", path.measuredElsewhere)],
    notes: elsewhereNotes(path.measuredElsewhere),
  };
}

/** One path as names and values. */
export function pathFacts(path: PathEstimate__Output): readonly (readonly [string, Cell])[] {
  const samples = `${countText(path.rttSamples)} of RTT, ${countText(path.rateSamples)} of rate`;
  return [
    ["path", `${path.path?.source ?? ""} -> ${path.path?.destination ?? ""}${named(path.destinationHost)}`],
    ["racks", racksText(path)],
    ["minimum RTT", duration(path.minRttUs)],
    ["RTT p50, p95", `${duration(path.rttP50Us)}, ${duration(path.rttP95Us)}`],
    ["rate", path.rateBytesPerSecond > 0 ? rateText(path.rateBytesPerSecond) : unknownText],
    ["loss", shareText(path.lossRatio)],
    ["BDP", path.bdpBytes > 0 ? bytesText(path.bdpBytes) : unknownText],
    ["confidence", trustCell(path.confidence)],
    ["provenance", `${provenanceText(path.provenance)}, ${samples}, ${ageText(path.ageSeconds)} old`],
    ["connections", countText(path.connections)],
    ["windows", `${countText(path.windowsGranted)} granted, ${countText(path.windowsFailed)} failed`],
  ];
}

/** What is advised, and why; of a source that other partitions look after, nothing is known of it. */
export function adviceTable(advice: PathAdvice__Output | null, heading: string, elsewhere: readonly string[]): Table {
  if (advice === null) {
    const isElsewhere = elsewhere.length > 0;
    const empty = isElsewhere ? `Known to partition ${elsewhere.join(", ")}.` : "None: the kernel's default window.";
    return { heading, columns: [], rows: [], empty };
  }
  return factsTable(heading, [
    ["first window", windowText(advice)],
    ["paced at", advice.pathRateBytesPerSecond > 0 ? rateText(advice.pathRateBytesPerSecond) : unknownText],
    ["receive window", advice.receiveWindowBytes > 0 ? bytesText(advice.receiveWindowBytes) : "the kernel's"],
    ["mode", advice.mode],
    ["because", advice.reason],
  ]);
}

/** "-" or "20.1 ms". */
export function duration(us: number): string {
  return us > 0 ? durationText(us) : unknownText;
}

/** "87 %", in a colour that says how far to trust. */
export function trustCell(confidence: number): Cell {
  const text = `${Math.round(confidence * 100)} %`;
  return { text, tone: confidence >= 0.5 ? "good" : confidence >= 0.15 ? "warn" : "bad" };
}

/** "measured", "inferred", "predicted", "unknown". */
export function provenanceText(provenance: string): string {
  const word = provenance.replace("PROVENANCE_", "").toLowerCase();
  return word === "unspecified" ? "unknown" : word;
}

function row(path: PathEstimate__Output): Cell[] {
  const { advice } = path;
  return [
    path.path?.source ?? "",
    path.path?.destination ?? "",
    path.destinationHost || { text: unknownText, tone: "dim" },
    duration(path.minRttUs),
    duration(path.rttP50Us),
    duration(path.rttP95Us),
    path.rateBytesPerSecond > 0 ? rateText(path.rateBytesPerSecond) : unknownText,
    path.lossRatio > 0.01 ? { text: shareText(path.lossRatio), tone: "warn" } : shareText(path.lossRatio),
    path.bdpBytes > 0 ? bytesText(path.bdpBytes) : unknownText,
    advice !== null && advice.windowSegments > 0 ? String(advice.windowSegments) : unknownText,
    advice?.mode ?? unknownText,
    trustCell(path.confidence),
    ageText(path.ageSeconds),
    `${countText(path.rttSamples)}/${countText(path.rateSamples)}`,
    path.windowsFailed > 0 ? { text: countText(path.windowsFailed), tone: "warn" } : "0",
    provenanceText(path.provenance),
    racksText(path),
  ];
}

function windowText({ windowSegments, burstSegments }: PathAdvice__Output): string {
  const burst = burstSegments > 0 ? `, ${burstSegments} of them at once` : "";
  return windowSegments > 0 ? `${windowSegments} segments${burst}` : "the kernel's";
}

function racksText(path: PathEstimate__Output): string {
  const from = place(path.sourceZone, path.sourceRack);
  const to = place(path.destinationZone, path.destinationRack);
  return from === to ? from : `${from} -> ${to}`;
}

function place(zone: string, rack: string): string {
  return [zone, rack].filter((part) => part !== "").join("/") || unknownText;
}

function named(host: string): string {
  return host === "" ? "" : ` (${host})`;
}
