/** Measures the cells of the HTTP benchmark: both systems in turns. */
import type { HttpBed } from "./http-bed.ts";
import type { HttpCell, HttpPath, HttpPlan, HttpSystem } from "./http-plan.ts";
import { httpSystems, learnSecondsMax, orderOf, warmUpSeconds } from "./http-plan.ts";
import type { HttpAdvice, HttpRow, SystemRuns } from "./http-results.ts";
import { httpRow } from "./http-results.ts";
import type { WrkRun } from "./http-wrk.ts";

/** The advice stands still when so many looks in a row, a second apart, saw no change worth the name. */
const steadyLooks = 3;
const change = 0.05;

/**
 * The cluster learns the path from a second of one cell after the other, until its advice stands still or for as long as
 * is spent on that at most. Returns what it advises then.
 */
export async function learnPath(bed: HttpBed, cells: readonly HttpCell[]): Promise<HttpAdvice> {
  let advice: HttpAdvice = { windowSegments: 0, rateBytesPerSecond: 0 };
  let steady = 0;
  for (let second = 0; second < learnSecondsMax && steady < steadyLooks; second += 1) {
    // The largest objects say most of a path, and their cells are last.
    const cell = cells[cells.length - 1 - (second % cells.length)];
    if (cell !== undefined) await bed.request("advised", cell, 1);
    const seen = await bed.advice();
    const isSame = Math.abs(seen.windowSegments - advice.windowSegments) <= change * advice.windowSegments;
    steady = seen.windowSegments > 0 && isSame ? steady + 1 : 0;
    if (steady === 0) advice = seen;
  }
  return bed.advice();
}

/** Measures a cell: one row a system. */
export async function measureHttpCell(
  bed: HttpBed,
  cell: HttpCell,
  path: HttpPath,
  plan: HttpPlan,
): Promise<Record<HttpSystem, HttpRow>> {
  await bed.request("advised", cell, warmUpSeconds);
  const runs: Record<HttpSystem, WrkRun[]> = { default: [], advised: [] };
  const before = await countersOf(bed);
  for (let repetition = 0; repetition < plan.repetitions; repetition += 1) {
    for (const system of orderOf(repetition)) runs[system].push(await bed.request(system, cell, plan.seconds));
  }
  const after = await countersOf(bed);
  const advice = await bed.advice();
  const row = (system: HttpSystem): HttpRow => {
    const measured: SystemRuns = {
      runs: runs[system],
      drops: after[system].drops - before[system].drops,
      windowsGranted: after[system].windowsGranted - before[system].windowsGranted,
      advice: system === "advised" ? advice : { windowSegments: 0, rateBytesPerSecond: 0 },
    };
    return httpRow(cell, path, system, measured);
  };
  return { default: row("default"), advised: row("advised") };
}

async function countersOf(bed: HttpBed): Promise<Record<HttpSystem, Awaited<ReturnType<HttpBed["counters"]>>>> {
  const [ordinary, advised] = await Promise.all(httpSystems.map((system) => bed.counters(system)));
  if (ordinary === undefined || advised === undefined) throw new Error("Cannot read the counters of both systems");
  return { default: ordinary, advised };
}
