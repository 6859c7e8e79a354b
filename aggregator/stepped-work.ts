/** Work in steps, one in a turn of the event loop: messages and calls have their turns between them. */

/** Owns what is under way: one piece of work at a time. */
export class SteppedWork {
  #turn: NodeJS.Immediate | undefined;

  /** Takes a step now and one in each turn from here on, until they end; then `onDone` is told. What was under way is given up. */
  run(steps: Iterator<void>, onDone: () => void): void {
    this.stop();
    if (steps.next().done === true) onDone();
    else this.#turn = setImmediate(() => this.run(steps, onDone));
  }

  /** Takes no step any more. */
  stop(): void {
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#turn = undefined;
  }
}
