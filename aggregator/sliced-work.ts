/** Runs long work beside everything else that the process does: in slices, between which the event loop turns. */
import type { Clock } from "./clock.ts";
import { QueryFault } from "./core/query/query-fault.ts";
import type { Steps } from "./core/steps.ts";

/** How much of it there may be. */
export interface SlicedWorkBounds {
  /** Of all work together, between two turns of the event loop. */
  readonly sliceMs: number;
  /** Works in progress, which have slices in turn; what they have gathered so far takes memory. */
  readonly begunMax: number;
  /** And those that wait to begin. */
  readonly waitingMax: number;
}

/** Why nobody waits for the answer any more; undefined: somebody does. */
export type Ending = () => QueryFault | undefined;

interface Work {
  /** Works until a time. True where it is over, whatever came of it. */
  readonly advance: (untilMs: number) => boolean;
}

/** Owns the work in progress. */
export class SlicedWork {
  readonly #bounds: SlicedWorkBounds;
  readonly #clock: Pick<Clock, "nowMs">;
  /** The first `begunMax` are in progress. */
  readonly #works: Work[] = [];
  #next = 0;
  #turn: NodeJS.Immediate | undefined;

  constructor(bounds: SlicedWorkBounds, clock: Pick<Clock, "nowMs">) {
    this.#bounds = bounds;
    this.#clock = clock;
  }

  /**
   * What the steps come to. Short work is done at once where nothing else waits. Rejects with what the steps throw, with the ending,
   * which is asked for between slices, or with RESOURCE_EXHAUSTED where too much waits.
   */
  run<Answer>(steps: Steps<Answer>, ending: Ending): Promise<Answer> {
    const { begunMax, waitingMax, sliceMs } = this.#bounds;
    return new Promise((resolve, reject) => {
      if (this.#works.length >= begunMax + waitingMax) {
        reject(
          new QueryFault("RESOURCE_EXHAUSTED", `Cannot answer more than ${begunMax + waitingMax} long calls at a time`),
        );
        return;
      }
      const work = { advance: (untilMs: number) => this.#advanced(steps, ending, untilMs, resolve, reject) };
      const isOver = this.#works.length === 0 && work.advance(this.#clock.nowMs() + sliceMs);
      if (isOver) return;
      this.#works.push(work);
      this.#turn ??= setImmediate(() => this.#slice());
    });
  }

  // One slice a turn, of one work after the other: however many there are, all else waits for no more than that.
  #slice(): void {
    this.#turn = undefined;
    const { begunMax, sliceMs } = this.#bounds;
    const untilMs = this.#clock.nowMs() + sliceMs;
    do {
      const place = this.#next % Math.min(begunMax, this.#works.length);
      const isOver = this.#works[place]?.advance(untilMs) ?? true;
      if (isOver) this.#works.splice(place, 1);
      this.#next = isOver ? place : place + 1;
    } while (this.#works.length > 0 && this.#clock.nowMs() < untilMs);
    if (this.#works.length > 0) this.#turn = setImmediate(() => this.#slice());
  }

  #advanced<Answer>(
    steps: Steps<Answer>,
    ending: Ending,
    untilMs: number,
    resolve: (answer: Answer) => void,
    reject: (error: unknown) => void,
  ): boolean {
    try {
      const ended = ending();
      if (ended !== undefined) throw ended;
      // The first step of a slice comes after others' turns.
      for (let step = steps.next(true); ; step = steps.next(false)) {
        if (step.done === true) {
          resolve(step.value);
          return true;
        }
        if (this.#clock.nowMs() >= untilMs) return false;
      }
    } catch (error) {
      reject(error);
      return true;
    }
  }
}
