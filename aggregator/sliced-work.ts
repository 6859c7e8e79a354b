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
  /** True where nobody waits for it any more; whoever did is told. */
  readonly isGivenUp: () => boolean;
}

/** Owns the work in progress. */
export class SlicedWork {
  readonly #bounds: SlicedWorkBounds;
  readonly #clock: Pick<Clock, "nowMs">;
  /** The first `begunMax` are in progress. */
  #works: Work[] = [];
  #next = 0;
  /** The next turn of the event loop; undefined: nothing was worked on in this one. */
  #turn: NodeJS.Immediate | undefined;
  /** When the slice of this turn is over. */
  #untilMs = 0;

  constructor(bounds: SlicedWorkBounds, clock: Pick<Clock, "nowMs">) {
    this.#bounds = bounds;
    this.#clock = clock;
  }

  /**
   * What the steps come to. Short work is done at once where nothing else waits and something is left of the turn's slice. Rejects with
   * what the steps throw, with the ending, which is asked for between slices, or with RESOURCE_EXHAUSTED where too much waits.
   */
  run<Answer>(steps: Steps<Answer>, ending: Ending): Promise<Answer> {
    return new Promise((resolve, reject) => this.begin(steps, ending, resolve, reject));
  }

  /** The same, for who writes and sends the answer as soon as he has it: that is a part of the work, and of the slice. */
  begin<Answer>(
    steps: Steps<Answer>,
    ending: Ending,
    onAnswer: (answer: Answer) => void,
    onFailure: (error: unknown) => void,
  ): void {
    if (!this.#hasRoom()) {
      const text = `Cannot answer more than ${this.#worksMax} long calls at a time`;
      onFailure(new QueryFault("RESOURCE_EXHAUSTED", text));
      return;
    }
    const work = {
      advance: (untilMs: number) => this.#advanced(steps, ending, untilMs, onAnswer, onFailure),
      isGivenUp: () => {
        const ended = ending();
        if (ended !== undefined) onFailure(ended);
        return ended !== undefined;
      },
    };
    const untilMs = this.#sliceOfTurn();
    const mayBegin = this.#works.length === 0 && this.#clock.nowMs() < untilMs;
    if (!mayBegin || !work.advance(untilMs)) this.#works.push(work);
  }

  get #worksMax(): number {
    return this.#bounds.begunMax + this.#bounds.waitingMax;
  }

  // Who left keeps his place until it is his turn, unless others want it.
  #hasRoom(): boolean {
    if (this.#works.length >= this.#worksMax) this.#works = this.#works.filter((work) => !work.isGivenUp());
    return this.#works.length < this.#worksMax;
  }

  // All that is worked on between two turns has one slice together: it begins with the first, and whatever else runs meanwhile takes of it.
  #sliceOfTurn(): number {
    if (this.#turn === undefined) {
      this.#untilMs = this.#clock.nowMs() + this.#bounds.sliceMs;
      this.#turn = setImmediate(() => this.#renewed());
    }
    return this.#untilMs;
  }

  // Of one work after the other: however many there are, all else waits for no more than the slice.
  #renewed(): void {
    this.#turn = undefined;
    if (this.#works.length === 0) return;
    const untilMs = this.#sliceOfTurn();
    do {
      const place = this.#next % Math.min(this.#bounds.begunMax, this.#works.length);
      const isOver = this.#works[place]?.advance(untilMs) ?? true;
      if (isOver) this.#works.splice(place, 1);
      this.#next = isOver ? place : place + 1;
    } while (this.#works.length > 0 && this.#clock.nowMs() < untilMs);
  }

  #advanced<Answer>(
    steps: Steps<Answer>,
    ending: Ending,
    untilMs: number,
    onAnswer: (answer: Answer) => void,
    onFailure: (error: unknown) => void,
  ): boolean {
    let answer: Answer;
    try {
      const ended = ending();
      if (ended !== undefined) throw ended;
      // The first step of a slice comes after others' turns.
      let step = steps.next(true);
      while (step.done !== true) {
        if (this.#clock.nowMs() >= untilMs) return false;
        step = steps.next(false);
      }
      answer = step.value;
    } catch (error) {
      onFailure(error);
      return true;
    }
    onAnswer(answer);
    return true;
  }
}
