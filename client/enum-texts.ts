/** Texts in a request that are to be values of enums: the library would send the first value in place of one that it does not know. */
import { status } from "@grpc/grpc-js";
import { packageDefinition } from "../proto/messages.ts";
import type { FieldViolation } from "../proto/status-details.ts";
import { CallError } from "./call-error.ts";

/** Of a message, what the .proto file says of its fields. */
interface Field {
  /** In camel case. */
  readonly name: string;
  readonly type: string;
  /** Of an enum or a message, its name without the package. */
  readonly typeName: string;
}

/** Throws a CallError with INVALID_ARGUMENT that names every field of a request whose text is no value of its enum. */
export function requireEnumTexts(service: string, method: string, request: object): void {
  const violations = violationsIn(requestType(service, method), request, "");
  const [first] = violations;
  if (first !== undefined) throw new CallError(status.INVALID_ARGUMENT, first.description, violations);
}

function violationsIn(fields: readonly Field[], message: object, path: string): readonly FieldViolation[] {
  return fields.flatMap(({ name, type, typeName }) => {
    const value = (message as Readonly<Record<string, unknown>>)[name];
    const field = `${path}${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    if (type === "TYPE_ENUM" && typeof value === "string") return unknownText(typeName, field, value);
    if (type !== "TYPE_MESSAGE" || typeof value !== "object" || value === null) return [];
    return violationsIn(fieldsOf(typeName), value, `${field}.`);
  });
}

function unknownText(enumName: string, field: string, value: string): readonly FieldViolation[] {
  const names = valuesOf(enumName);
  if (names.includes(value)) return [];
  const shown = JSON.stringify(value.slice(0, 256));
  return [
    { field, description: `Cannot use ${field} as it must be one of ${names.join(", ")}: current value is ${shown}` },
  ];
}

function requestType(service: string, method: string): readonly Field[] {
  const definition = packageDefinition[`augmenter.v1.${service}`] as unknown as
    | Readonly<Record<string, { readonly requestType: { readonly type: { readonly field: readonly Field[] } } }>>
    | undefined;
  return definition?.[method]?.requestType.type.field ?? [];
}

function fieldsOf(messageName: string): readonly Field[] {
  const definition = packageDefinition[`augmenter.v1.${lastName(messageName)}`];
  return (definition as unknown as { readonly type: { readonly field: readonly Field[] } }).type.field;
}

function valuesOf(enumName: string): readonly string[] {
  const definition = packageDefinition[`augmenter.v1.${lastName(enumName)}`];
  const { value } = (
    definition as unknown as { readonly type: { readonly value: readonly { readonly name: string }[] } }
  ).type;
  return value.map(({ name }) => name);
}

function lastName(typeName: string): string {
  return typeName.split(".").pop() ?? "";
}
