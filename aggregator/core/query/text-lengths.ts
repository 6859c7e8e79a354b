/** How long the texts of a question may be, whatever they are for. */
import type { FieldViolation } from "../../../proto/status-details.ts";
import { queryBounds } from "../bounds.ts";
import type { Steps } from "../steps.ts";
import { invalidFields, QueryFault, violationOf } from "./query-fault.ts";

/** Throws a QueryFault with every text of a request that is too long. */
export function checkTexts(request: object): void {
  const violations = longTexts(request);
  if (violations.length > 0) throw invalidFields(violations);
}

/** Every text of a request that is too long. */
export function longTexts(request: object): readonly FieldViolation[] {
  const violations: FieldViolation[] = [];
  collect("", request, violations);
  return violations;
}

/** What is wrong with a request whose texts are too long, and with the rest of it: what `answer` throws where they are taken for not given. */
export function* allWrongWith<Request extends object>(
  tooLong: readonly FieldViolation[],
  request: Request,
  answer: (request: Request) => Steps<unknown>,
): Steps<QueryFault> {
  try {
    yield* answer(shortened(request) as Request);
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    const isTold = ({ field }: FieldViolation) => tooLong.some((known) => known.field === field);
    return invalidFields([...tooLong, ...error.violations.filter((violation) => !isTold(violation))]);
  }
  return invalidFields(tooLong);
}

function shortened(value: unknown): unknown {
  if (typeof value === "string") return isTooLong(value) ? "" : value;
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each)]));
}

function collect(path: string, message: object, violations: FieldViolation[]): void {
  for (const [key, value] of Object.entries(message) as [string, unknown][]) {
    if (typeof value === "string") {
      if (isTooLong(value)) violations.push(tooLong(path + nameOf(key), value));
    } else if (Array.isArray(value)) checkList(path + nameOf(key), value, violations);
    else if (typeof value === "object" && value !== null) collect(`${path}${nameOf(key)}.`, value, violations);
  }
}

// A batch has tens of thousands of names, and of indexes, which are no texts.
function checkList(field: string, list: readonly unknown[], violations: FieldViolation[]): void {
  for (let index = 0; index < list.length; index += 1) {
    const element = list[index];
    if (typeof element !== "string") return;
    if (isTooLong(element)) violations.push(tooLong(`${field}[${index}]`, element));
  }
}

function isTooLong(text: string): boolean {
  return text.length > queryBounds.textMaxLength;
}

function tooLong(field: string, text: string): FieldViolation {
  return violationOf(field, `a text of at most ${queryBounds.textMaxLength} characters`, text);
}

/** As in the .proto file. */
function nameOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
