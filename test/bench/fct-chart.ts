/** The chart of a run: transfer times over the limit, as curves over the cells and as means by kind of path. */
import type { CellResult } from "./fct-results.ts";
import { geomeanOver, medianVsLimit, p99VsLimit, summaryOf } from "./fct-summary.ts";
import type { SystemName } from "./fct-systems.ts";
import { systemNames } from "./fct-systems.ts";

interface Panel {
  readonly title: string;
  readonly left: number;
  readonly top: number;
  readonly pick: (system: SystemName) => (row: CellResult) => number | undefined;
}

const width = 1120;
const height = 860;
const panel = { width: 450, height: 290 } as const;
const lefts = [70, 620] as const;
const tops = [90, 470] as const;

const strong: readonly SystemName[] = ["default", "riptide", "augmenter"];
const colours: Readonly<Record<SystemName, string>> = {
  default: "#222222",
  iw20: "#c6dbef",
  iw32: "#9ecae1",
  iw45: "#6baed6",
  iw64: "#4292c6",
  iw100: "#2171b5",
  iw200: "#084594",
  riptide: "#e08214",
  augmenter: "#1a9850",
};

/** An SVG with four panels, medians on the left, p99 of those with 100 transfers on the right: every system's cells in its own ascending order; means by RTT and buffer. */
export function chartOf(rows: readonly CellResult[]): string {
  const systems = systemNames.filter((name) => rows.some((row) => row.systems[name] !== undefined));
  const kinds = [
    { name: "median / limit", left: lefts[0], pick: medianVsLimit },
    { name: "p99 / limit, of 100 transfers or more", left: lefts[1], pick: p99VsLimit },
  ];
  const body = kinds.flatMap(({ name, left, pick }) => [
    curves({ title: `${name}: each system's cells in ascending order`, left, top: tops[0], pick }, rows, systems),
    groups({ title: `${name}: geometric mean by RTT and buffer`, left, top: tops[1], pick }, rows, systems),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    "<title>Transfer times over the physical limit, by path and system</title>",
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(
      width / 2,
      26,
      `Transfer times over the physical limit, ${rows.length} cells (lower is better, 1 is the limit)`,
      "middle",
      16,
    ),
    legend(systems, rows),
    ...body,
    "</svg>\n",
  ].join("\n");
}

function legend(systems: readonly SystemName[], rows: readonly CellResult[]): string {
  const best = summaryOf(rows).best_fixed;
  return systems
    .map((system, index) => {
      const left = 60 + index * 112;
      const name = system === best ? `${system} (best)` : system;
      return `${line(left, 48, left + 22, 48, colours[system], widthOf(system))}${text(left + 28, 52, name)}`;
    })
    .join("\n");
}

function curves(at: Panel, rows: readonly CellResult[], systems: readonly SystemName[]): string {
  const series = systems
    .map((system) => ({ system, values: rows.flatMap((row) => at.pick(system)(row) ?? []).sort((a, b) => a - b) }))
    .filter(({ values }) => values.length > 0);
  const scale = logScale(
    at,
    series.flatMap(({ values }) => values),
  );
  const drawn = series.map(({ system, values }) => {
    const points = values.map((value, index) => {
      const share = values.length === 1 ? 0.5 : index / (values.length - 1);
      return `${(at.left + share * panel.width).toFixed(1)},${scale.y(value).toFixed(1)}`;
    });
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${colours[system]}" stroke-width="${widthOf(system)}"/>`;
  });
  const shares = [0, 25, 50, 75, 100].map((percent) =>
    text(at.left + (panel.width * percent) / 100, at.top + panel.height + 18, `${percent} %`, "middle"),
  );
  return [frame(at, scale.marks), ...drawn, ...shares].join("\n");
}

function groups(at: Panel, rows: readonly CellResult[], systems: readonly SystemName[]): string {
  const keys = sortedUnique(rows.map((row) => row.rtt_ms)).flatMap((rtt) =>
    sortedUnique(rows.filter((row) => row.rtt_ms === rtt).map((row) => row.buffer_bdp)).map((buffer) => ({
      rtt,
      buffer,
    })),
  );
  const means = keys.flatMap(({ rtt, buffer }, index) => {
    const group = rows.filter((row) => row.rtt_ms === rtt && row.buffer_bdp === buffer);
    return systems.flatMap((system) => {
      const value = geomeanOver(group, at.pick(system));
      return value === null ? [] : [{ index, system, value }];
    });
  });
  const scale = logScale(
    at,
    means.map(({ value }) => value),
  );
  const x = (index: number): number => at.left + ((index + 0.5) * panel.width) / Math.max(1, keys.length);
  const dots = means.map(({ index, system, value }) => {
    const nudge =
      ((systems.indexOf(system) - (systems.length - 1) / 2) * panel.width) / (Math.max(1, keys.length) * 14);
    const radius = strong.includes(system) ? 4.5 : 3;
    return `<circle cx="${(x(index) + nudge).toFixed(1)}" cy="${scale.y(value).toFixed(1)}" r="${radius}" fill="${colours[system]}"/>`;
  });
  const names = keys.flatMap(({ rtt, buffer }, index) => [
    text(x(index), at.top + panel.height + 16, `${buffer}`, "middle", 10),
    ...(index === 0 || keys[index - 1]?.rtt !== rtt
      ? [
          text(x(index) - 10, at.top + panel.height + 32, `${rtt} ms`, "start", 11),
          line(
            x(index) - panel.width / keys.length / 2,
            at.top,
            x(index) - panel.width / keys.length / 2,
            at.top + panel.height,
            "#999999",
            0.7,
          ),
        ]
      : []),
  ]);
  const unit = text(at.left + panel.width, at.top + panel.height + 48, "buffer in BDP, by RTT", "end", 11);
  return [frame(at, scale.marks), ...dots, ...names, unit].join("\n");
}

function logScale(
  at: Panel,
  values: readonly number[],
): { y: (value: number) => number; marks: ReadonlyMap<string, number> } {
  const lowest = Math.min(0.9, ...values);
  const highest = Math.max(2, ...values) * 1.05;
  const y = (value: number): number =>
    at.top + panel.height * (1 - Math.log(value / lowest) / Math.log(highest / lowest));
  const marks = [0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 50, 100].filter((mark) => mark >= lowest && mark <= highest);
  return { y, marks: new Map(marks.map((mark) => [String(mark), y(mark)])) };
}

function frame(at: Panel, marks: ReadonlyMap<string, number>): string {
  const grid = [...marks].map(([name, y]) => {
    const colour = name === "1" ? "#d73027" : "#dddddd";
    return `${line(at.left, y, at.left + panel.width, y, colour, 1)}${text(at.left - 8, y + 4, name, "end")}`;
  });
  const box = `<rect x="${at.left}" y="${at.top}" width="${panel.width}" height="${panel.height}" fill="none" stroke="#666666"/>`;
  return [text(at.left, at.top - 8, at.title, "start", 13), ...grid, box].join("\n");
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, thickness: number): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${a}" y1="${b}" x2="${c}" y2="${d}" stroke="${colour}" stroke-width="${thickness}"/>`;
}

function text(x: number, y: number, words: string, anchor: "start" | "middle" | "end" = "start", size = 12): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}">${words}</text>`;
}

function widthOf(system: SystemName): number {
  return strong.includes(system) ? 2.5 : 1.3;
}

function sortedUnique(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
