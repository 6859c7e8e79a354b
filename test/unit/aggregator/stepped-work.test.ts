import { expect, test } from "vitest";
import { SteppedWork } from "../../../aggregator/stepped-work.ts";

function* steps(taken: number[]): Generator<void> {
  for (let step = 1; step <= 3; step += 1) {
    taken.push(step);
    yield;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("SteppedWork takes one step in a turn of the event loop, then says that it is done", async () => {
  const taken: number[] = [];
  let done = 0;
  new SteppedWork().run(steps(taken), () => {
    done += 1;
  });
  const seen: (readonly [number, number])[] = [[taken.length, done]];
  for (let turns = 0; turns < 4; turns += 1) {
    await turn();
    seen.push([taken.length, done]);
  }
  expect(seen).toEqual([
    [1, 0],
    [2, 0],
    [3, 0],
    [3, 1],
    [3, 1],
  ]);
});

test("SteppedWork takes no step after stop()", async () => {
  const taken: number[] = [];
  let done = 0;
  const work = new SteppedWork();
  work.run(steps(taken), () => {
    done += 1;
  });
  work.stop();
  await turn();
  await turn();
  expect([taken, done]).toEqual([[1], 0]);
});
