/** How long the texts of a question may be, whatever they are for. */
import type { FieldViolation } from "../../../proto/status-details.ts";
import { queryBounds } from "../bounds.ts";
import { invalidFields, violationOf } from "./query-fault.ts";

/** Throws a QueryFault with every text of a request that is too long. */
export function checkTexts(request: object): void {
  const violations: FieldViolation[] = [];
  collect("", request, violations);
  if (violations.length > 0) throw invalidFields(violations);
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
