/** When a host may be told anything after a start: before, the view is emptier than what an earlier aggregator left in force. */

/** Agents report every second unless they say otherwise. */
const usualReportIntervalMs = 1_000;
const slowestReportIntervalMs = 20_000;

/** How long after the start a host of an interval, 0 where it is not known, has had time to report twice; milliseconds. */
export function warmUpMs(reportIntervalMs: number): number {
  return 2 * Math.min(reportIntervalMs || usualReportIntervalMs, slowestReportIntervalMs) + usualReportIntervalMs;
}
