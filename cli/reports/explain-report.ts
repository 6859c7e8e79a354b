/** Why a source is advised what it is advised, as tables. */
import { ageText, rateText } from "../../common/quantities.ts";
import type { ExplainAdviceResponse__Output } from "../../proto/gen/augmenter/v1/ExplainAdviceResponse.ts";
import type { Cell, Report, Table } from "../core/report.ts";
import { factsTable } from "../core/report.ts";
import { elsewhereNotes } from "./elsewhere-note.ts";
import { modeText } from "./hosts-report.ts";
import { adviceTable, pathFacts } from "./path-report.ts";

/** The conclusion first, then everything it rests on. */
export function explainReport(explanation: ExplainAdviceResponse__Output): Report {
  const { path, wanted, conclusion, policy, hostMode, measuredElsewhere } = explanation;
  const rules = policy?.rules.length ?? 0;
  return {
    value: explanation,
    tables: [
      factsTable("", [
        ["conclusion", { text: conclusion, tone: "good" }],
        ["host's mode", hostMode],
        ["policy", `${modeText(policy?.mode ?? "MODE_UNSPECIFIED")}, ${rules} ${rules === 1 ? "rule" : "rules"}`],
      ]),
      ...(path === null
        ? []
        : [factsTable("path", pathFacts(path)), adviceTable(path.advice, "advised now", measuredElsewhere)]),
      adviceTable(wanted, "would be advised now", measuredElsewhere),
      inputsTable(explanation),
      stepsTable(explanation),
      boundsTable(explanation),
      failuresTable(explanation),
      alternativesTable(explanation),
    ],
    notes: elsewhereNotes(measuredElsewhere),
  };
}

function inputsTable({ inputs }: ExplainAdviceResponse__Output): Table {
  return {
    heading: "inputs",
    columns: [
      { title: "name", isText: true },
      { title: "value" },
      { title: "", isText: true },
      { title: "from", isText: true },
    ],
    rows: inputs.map(({ name, value, unit, origin }) => [name, numberText(value), unit, origin]),
    empty: "None.",
  };
}

function stepsTable({ steps }: ExplainAdviceResponse__Output): Table {
  return {
    heading: "formula",
    columns: [
      { title: "step", isText: true },
      { title: "value" },
      { title: "", isText: true },
      { title: "is", isText: true },
    ],
    rows: steps.map(({ name, value, unit, formula }) => [name, numberText(value), unit, formula]),
    empty: "None.",
  };
}

function boundsTable({ bounds }: ExplainAdviceResponse__Output): Table {
  return {
    heading: "bounds",
    columns: [
      { title: "bound", isText: true },
      { title: "limit" },
      { title: "value" },
      { title: "", isText: true },
      { title: "", isText: true },
    ],
    rows: bounds.map(({ name, limit, value, unit, hit }): Cell[] => [
      name,
      numberText(limit),
      numberText(value),
      unit,
      hit ? { text: "hit", tone: "warn" } : "",
    ]),
    empty: "None was looked at.",
  };
}

function failuresTable({ failedWindows }: ExplainAdviceResponse__Output): Table {
  return {
    heading: "failed windows",
    columns: [
      { title: "ago" },
      { title: "window" },
      { title: "delivered" },
      { title: "lost" },
      { title: "rate before" },
      { title: "after" },
      { title: "effect", isText: true },
    ],
    rows: failedWindows.map((failure) => [
      ageText(failure.ageSeconds),
      String(failure.windowSegments),
      String(failure.segmentsDelivered),
      String(failure.segmentsLost),
      rateText(failure.rateBeforeBytesPerSecond),
      rateText(failure.rateAfterBytesPerSecond),
      failure.effect,
    ]),
    empty: "None since the server started.",
  };
}

function alternativesTable({ alternatives }: ExplainAdviceResponse__Output): Table {
  return {
    heading: "it would have been",
    columns: [{ title: "without", isText: true }, { title: "window" }, { title: "rate" }],
    rows: alternatives.map(({ without, advice }) => [
      without,
      advice === null ? "the kernel's" : String(advice.windowSegments),
      advice === null ? "-" : rateText(advice.pathRateBytesPerSecond),
    ]),
    empty: "Nothing else.",
  };
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value >= 1_000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}
