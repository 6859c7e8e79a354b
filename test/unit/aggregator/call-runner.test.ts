import { describe, expect, test } from "vitest";
import { CallRunner } from "../../../aggregator/call-runner.ts";
import type { Steps } from "../../../aggregator/core/steps.ts";
import { createMetrics } from "../../../aggregator/metrics.ts";
import { SlicedWork } from "../../../aggregator/sliced-work.ts";
import { PlayedClock } from "./fixtures.ts";

function* found(): Steps<string> {
  yield;
  return "found";
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("CallRunner", () => {
  test("long() counts the writing of answers as a part of the slice", async () => {
    const clock = new PlayedClock();
    const work = new SlicedWork({ sliceMs: 10, begunMax: 8, waitingMax: 100 }, clock);
    const calls = new CallRunner(createMetrics(), work);
    let answers = 0;
    const writing = () => {
      clock.now += 4;
      answers += 1;
    };
    const answersByTurn: number[] = [];
    for (let call = 0; call < 8; call += 1) calls.long("ListPaths", writing, found(), () => undefined);
    while (answers < 8) {
      answersByTurn.push(answers);
      await turn();
    }
    expect([...answersByTurn, answers]).toEqual([3, 6, 8]);
  });
});
