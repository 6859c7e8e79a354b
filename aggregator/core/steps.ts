/** Long work in steps, so that whoever runs it can do something else in between, or give it up. */

/**
 * Yields between its steps, each far below a millisecond, and ends with the answer. Whoever goes on with it says whether something else ran
 * meanwhile: then the view may have changed, and numbers and slots that were looked up are out of date.
 */
export type Steps<Answer> = Generator<undefined, Answer, boolean>;

/** The answer, without a pause. */
export function inOneGo<Answer>(steps: Steps<Answer>): Answer {
  for (;;) {
    const step = steps.next(false);
    if (step.done === true) return step.value;
  }
}

/** What `each` makes of every element, so many of them a step. */
export function* inParts<Element, Made>(
  elements: readonly Element[],
  perStep: number,
  each: (element: Element, index: number) => Made,
): Steps<Made[]> {
  const made = new Array<Made>(elements.length);
  for (let index = 0; index < elements.length; index += 1) {
    if (index > 0 && index % perStep === 0) yield;
    made[index] = each(elements[index] as Element, index);
  }
  return made;
}
