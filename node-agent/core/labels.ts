/** Labels of this host as a file tells them, and which of them say where it is. */

/** Lines of a labels file that are looked at, and characters of a value that are kept. */
const linesMax = 1_000;
const valueMaxLength = 128;

/** Where a host is; empty: not known. */
export interface TopologyLabels {
  readonly rack: string;
  readonly zone: string;
}

/** What a labels file says. */
export interface ParsedLabels {
  readonly labels: ReadonlyMap<string, string>;
  /** Lines that are no label: without a key, with a broken quotation or with control characters, or beyond the 1000th. */
  readonly refusedLines: number;
}

/**
 * The labels of a text with one `key="value"` a line, as Kubernetes' downward API writes them (fmt.Sprintf("%v=%q"));
 * `key=value` is taken too. Empty lines and lines that begin with `#` say nothing. Of a key that comes twice the last value counts.
 */
export function labelsFromText(text: string): ParsedLabels {
  const labels = new Map<string, string>();
  const lines = text.split("\n").map((line) => line.trim());
  let refusedLines = Math.max(0, lines.length - linesMax);
  for (const line of lines.slice(0, linesMax)) {
    if (line === "" || line.startsWith("#")) continue;
    const [, key, spelled = ""] = /^([^=\s"]+)=(.*)$/.exec(line) ?? [];
    const value = labelValue(spelled);
    if (key === undefined || value === undefined) refusedLines += 1;
    else labels.set(key, value);
  }
  return { labels, refusedLines };
}

/** Rack and zone by an ordered list of label keys: the first names the rack, the second the zone. */
export function topologyOf(labels: ReadonlyMap<string, string>, keys: readonly string[]): TopologyLabels {
  const [rack = "", zone = ""] = keys.map((key) => labels.get(key) ?? "");
  return { rack, zone };
}

// Label values are letters, digits, dots, dashes and underscores; of what %q escapes elsewhere, JSON's share is understood.
function labelValue(spelled: string): string | undefined {
  const value = spelled.startsWith('"') ? unquoted(spelled) : spelled;
  return value === undefined || value.length > valueMaxLength || /\p{Cc}/u.test(value) ? undefined : value;
}

function unquoted(spelled: string): string | undefined {
  try {
    const value: unknown = JSON.parse(spelled);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
