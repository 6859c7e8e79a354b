/**
 * Schemas of option values. Each turns a text into a value, and the message of each issue completes the sentence
 * "Cannot use --name as it must be ...".
 */
import { z } from "zod";
import { partitionFromText, slotCount, wholeCluster } from "../proto/partition.ts";
import { isHostId } from "../proto/subjects.ts";
import { listenAddressFromText } from "./listen-address.ts";

/** A whole number in lowest..highest. */
export function integerBetween(lowest: number, highest: number) {
  const error = `${lowest}..${highest}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, { error })
    .transform(Number)
    .pipe(z.number().min(lowest, { error }).max(highest, { error }));
}

/** One of a few words; "" among them is an empty text. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  const told = words.filter((word) => word !== "").join(", ");
  return z.enum(words, { error: `one of ${told}${words.includes("") ? ", or empty" : ""}` });
}

/** A switch: "true" or "false" in the environment, its bare name on the command line. */
export function flag() {
  return z.enum(["true", "false"], { error: "true or false" }).transform((text) => text === "true");
}

/** NATS servers, separated by commas. */
export function natsUrls() {
  const error = "nats:// or tls:// URLs separated by commas";
  return z.string().refine((text) => text.split(",").every(isNatsUrl), { error });
}

/** An address and a port to listen on, such as 127.0.0.1:7443 or [::1]:7443; port 0: any free one. */
export function listenAddress() {
  const error = "an IP address and a port, such as 127.0.0.1:7443 or [::1]:7443";
  return z
    .string()
    .refine((text) => listenAddressFromText(text) !== undefined, { error })
    .transform((text) => listenAddressFromText(text) ?? { host: "", port: 0 });
}

/** A part of the hosts, such as 1/4. */
export function partition() {
  const error = `a part such as 1/4, of 1, 2, 4 ... ${slotCount}`;
  return z
    .string()
    .refine((text) => partitionFromText(text) !== undefined, { error })
    .transform((text) => partitionFromText(text) ?? wholeCluster);
}

/** The name of a host. */
export function hostId() {
  return z.string().refine(isHostId, { error: "1..128 letters, digits, dots, dashes and underscores" });
}

/** Any text of a length in lowest..highest, without control characters. */
export function textOfLength(lowest: number, highest: number) {
  const error = `a text of ${lowest}..${highest} printable characters`;
  return z
    .string()
    .min(lowest, { error })
    .max(highest, { error })
    .regex(/^\P{Cc}*$/u, { error });
}

/** So many keys of labels, separated by commas. Kubernetes' own are at most 317 characters long. */
export function labelKeys(fewest: number, most: number) {
  const error = `${fewest}..${most} label keys separated by commas`;
  return z
    .string()
    .regex(/^[^\s,="]{1,317}(?:,[^\s,="]{1,317})*$/, { error })
    .transform((text) => text.split(","))
    .pipe(z.array(z.string()).min(fewest, { error }).max(most, { error }));
}

/** A path that starts at the root; whether it exists is for the program to find out. */
export function absolutePath() {
  return z.string().regex(/^\/\P{Cc}*$/u, { error: "an absolute path" });
}

/** As absolutePath(), or empty. */
export function optionalPath() {
  return z.string().regex(/^(\/\P{Cc}*)?$/u, { error: "an absolute path or empty" });
}

/** How much is logged, in pino's words. */
export function logLevel() {
  return oneOf(["trace", "debug", "info", "warn", "error", "silent"]);
}

function isNatsUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ["nats:", "tls:"].includes(url.protocol) && url.hostname !== "";
}

/** What `parse` makes of the text; where it returns a text itself, that is what is wrong with it. */
export function parsedBy<Value>(parse: (text: string) => Exclude<Value, string> | string) {
  return z.string().transform((text, context): Exclude<Value, string> => {
    const value = parse(text);
    if (typeof value !== "string") return value;
    context.addIssue({ code: "custom", message: value });
    return z.NEVER;
  });
}
