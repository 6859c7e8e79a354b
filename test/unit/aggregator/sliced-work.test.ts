import { describe, expect, test } from "vitest";
import { QueryFault } from "../../../aggregator/core/query/query-fault.ts";
import type { Steps } from "../../../aggregator/core/steps.ts";
import { SlicedWork } from "../../../aggregator/sliced-work.ts";
import { PlayedClock } from "./fixtures.ts";

const bounds = { sliceMs: 10, begunMax: 2, waitingMax: 1 };
const stays = () => undefined;

/** Work of so many steps of a millisecond; tells after how many of them something else had run. */
function* worked(clock: PlayedClock, steps: number, done: string[] = [], name = ""): Steps<number[]> {
  const interrupted: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    if (yield) interrupted.push(step);
    clock.now += 1;
    done.push(name);
  }
  return interrupted;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("SlicedWork", () => {
  test("does short work at once", async () => {
    const clock = new PlayedClock();
    const answer = new SlicedWork(bounds, clock).run(worked(clock, 5), stays);
    expect(clock.now).toBe(5);
    expect(await answer).toEqual([]);
  });

  test("does long work in slices, and tells it after each that something else ran", async () => {
    const clock = new PlayedClock();
    const work = new SlicedWork(bounds, clock);
    const answer = work.run(worked(clock, 25), stays);
    expect(clock.now).toBe(10);
    await turn();
    expect(clock.now).toBe(20);
    expect(await answer).toEqual([10, 20]);
  });

  test("shares one slice a turn among all work, each in its turn, and begins what waits when there is room", async () => {
    const clock = new PlayedClock();
    const work = new SlicedWork(bounds, clock);
    const done: string[] = [];
    const answers = ["a", "b", "c"].map((name) => work.run(worked(clock, 30, done, name), stays));
    const slices = () => done.filter((_, index) => index % 10 === 0).join("");
    await turn();
    expect(slices()).toBe("aa");
    await Promise.all(answers);
    expect(slices()).toBe("aababcbcc");
  });

  test("gives all that comes in one turn one slice together, and the next turn another", async () => {
    const clock = new PlayedClock();
    const work = new SlicedWork({ sliceMs: 10, begunMax: 8, waitingMax: 100 }, clock);
    const answers = Array.from({ length: 40 }, () => work.run(worked(clock, 2), stays));
    expect(clock.now).toBe(10);
    await turn();
    // What comes after the slice of the turn waits, too.
    const late = work.run(worked(clock, 2), stays);
    expect(clock.now).toBe(20);
    await Promise.all(answers);
    expect(clock.now).toBeLessThanOrEqual(90);
    await late;
    await turn();
    await turn();
    const begunMs = clock.now;
    const again = work.run(worked(clock, 2), stays);
    expect(clock.now).toBe(begunMs + 2);
    await again;
  });

  test("takes what other work does in the turn from its slice", () => {
    const clock = new PlayedClock();
    const work = new SlicedWork(bounds, clock);
    void work.run(worked(clock, 1), stays);
    clock.now += 10;
    void work.run(worked(clock, 1), stays);
    expect(clock.now).toBe(11);
  });

  test("refuses more than may wait, with a reason", async () => {
    const clock = new PlayedClock();
    const work = new SlicedWork(bounds, clock);
    const run = () => work.run(worked(clock, 30), stays);
    const [, , , refused] = [run(), run(), run(), run()];
    await expect(refused).rejects.toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      message: "Cannot answer more than 3 long calls at a time",
    });
  });

  test("gives the places of those who left to who still waits", async () => {
    const clock = new PlayedClock();
    const work = new SlicedWork(bounds, clock);
    let hasLeft = false;
    const leaves = () => (hasLeft ? new QueryFault("CANCELLED", "Cannot answer as the caller has left") : undefined);
    const stayed = work.run(worked(clock, 30), stays);
    const left = [1, 2].map(() => work.run(worked(clock, 30), leaves));
    hasLeft = true;
    const later = work.run(worked(clock, 5), stays);
    for (const answer of left) await expect(answer).rejects.toMatchObject({ code: "CANCELLED" });
    await Promise.all([stayed, later]);
    expect(clock.now).toBe(35);
  });

  test("gives up what nobody waits for", async () => {
    const clock = new PlayedClock();
    const work = new SlicedWork(bounds, clock);
    let hasLeft = false;
    const ending = () => (hasLeft ? new QueryFault("CANCELLED", "Cannot answer as the caller has left") : undefined);
    const answer = work.run(worked(clock, 1_000), ending);
    hasLeft = true;
    await expect(answer).rejects.toMatchObject({ code: "CANCELLED" });
    expect(clock.now).toBe(10);
  });

  test("rejects with what the steps throw, and goes on with the others", async () => {
    const clock = new PlayedClock();
    const work = new SlicedWork(bounds, clock);
    function* broken(): Steps<number> {
      yield* worked(clock, 15);
      throw new Error("broken");
    }
    const first = work.run(broken(), stays);
    const second = work.run(worked(clock, 15), stays);
    await expect(first).rejects.toThrow("broken");
    expect(await second).toHaveLength(1);
  });
});
