/** What the programs below this one write to stderr, made readable for a person. */

/** One line of a log. */
export interface LoggedLine {
  /** "plain" where the line is none of a log. */
  readonly severity: "error" | "warning" | "information" | "plain";
  readonly text: string;
}

/** pino's numbers. */
const errorLevel = 50;
const warnLevel = 40;
const ownFields = new Set(["level", "time", "pid", "program", "msg", "err"]);

/** A line of pino (JSON), of nats-server ("[1] 2026/01/01 00:00:00.0 [ERR] text"), or of anything else. */
export function loggedLineOf(line: string): LoggedLine {
  return fromJson(line) ?? fromBroker(line) ?? { severity: "plain", text: printable(line) };
}

/** What says best why a program ended: its last line that is no part of a stack trace and not of its ordinary log. */
export function lastWords(lines: readonly string[]): string {
  const candidates = lines.filter((line) => /^\S/.test(line) && !/^Node\.js v\d/.test(line)).map(loggedLineOf);
  return candidates.findLast(({ severity }) => severity !== "information")?.text ?? "";
}

function fromJson(line: string): LoggedLine | undefined {
  if (!line.startsWith("{")) return undefined;
  let entry: Readonly<Record<string, unknown>>;
  try {
    entry = JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const level = Number(entry["level"] ?? 0);
  const cause = (entry["err"] as { readonly message?: unknown } | undefined)?.message;
  const fields = Object.entries(entry).filter(([name]) => !ownFields.has(name));
  const details = fields.map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const parts = [entry["msg"], cause, details.join(" ")].filter((part) => typeof part === "string" && part !== "");
  return {
    severity: level >= errorLevel ? "error" : level >= warnLevel ? "warning" : "information",
    text: printable(parts.join(": ")),
  };
}

function fromBroker(line: string): LoggedLine | undefined {
  const match = /^\[\d+\] \S+ \S+ \[(?<kind>[A-Z]{3})\] (?<text>.*)$/.exec(line);
  if (match?.groups === undefined) return undefined;
  const { kind = "", text = "" } = match.groups;
  const severity = ["ERR", "FTL"].includes(kind) ? "error" : kind === "WRN" ? "warning" : "information";
  return { severity, text: printable(text) };
}

// What comes from elsewhere must not move the cursor of a terminal.
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").trim();
}
