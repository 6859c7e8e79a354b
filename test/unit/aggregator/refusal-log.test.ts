import { pino } from "pino";
import { expect, test } from "vitest";
import { RefusalLog } from "../../../aggregator/refusal-log.ts";
import { PlayedClock } from "./fixtures.ts";

test("refused() logs each reason at once, then at most every ten seconds with what was left out", () => {
  const lines: unknown[] = [];
  const clock = new PlayedClock();
  const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const refusals = new RefusalLog(log, clock);
  for (let index = 0; index < 100; index += 1) refusals.refused("report", "bad_checksum", "a");
  refusals.refused("report", "wrong_host", "b");
  clock.now = 10_000;
  refusals.refused("report", "bad_checksum", "a");
  expect(lines).toMatchObject([
    { reason: "bad_checksum", hostId: "a", leftOut: 0, msg: "refused" },
    { reason: "wrong_host", hostId: "b", leftOut: 0 },
    { reason: "bad_checksum", hostId: "a", leftOut: 99 },
  ]);
});
