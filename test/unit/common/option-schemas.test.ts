import { expect, test } from "vitest";
import type { z } from "zod";
import {
  absolutePath,
  flag,
  hostId,
  integerBetween,
  labelKeys,
  listenAddress,
  logLevel,
  natsUrls,
  oneOf,
  parsedBy,
  textOfLength,
} from "../../../common/option-schemas.ts";

test.each<[string, z.ZodType<unknown, string>, string, unknown]>([
  ["integerBetween", integerBetween(-5, 10), "-5", -5],
  ["integerBetween", integerBetween(1, 10), "10", 10],
  ["oneOf", oneOf(["a", "b"]), "b", "b"],
  ["flag", flag(), "true", true],
  ["natsUrls", natsUrls(), "nats://a:1,tls://b", "nats://a:1,tls://b"],
  ["listenAddress", listenAddress(), "[::1]:0", { host: "::1", port: 0 }],
  ["hostId", hostId(), "node-1.example.org", "node-1.example.org"],
  ["textOfLength", textOfLength(0, 3), "", ""],
  ["labelKeys", labelKeys(1, 2), "example.org/rack,zone", ["example.org/rack", "zone"]],
  ["absolutePath", absolutePath(), "/sys/fs/cgroup", "/sys/fs/cgroup"],
  ["logLevel", logLevel(), "debug", "debug"],
])("%s() takes %o %j", (_, schema, text, value) => {
  expect(schema.parse(text)).toEqual(value);
});

test.each<[string, z.ZodType<unknown, string>, string, string]>([
  ["integerBetween", integerBetween(1, 10), "0", "1..10"],
  ["integerBetween", integerBetween(1, 10), "11", "1..10"],
  ["integerBetween", integerBetween(1, 10), "5.5", "1..10"],
  ["integerBetween", integerBetween(1, 10), " 5", "1..10"],
  ["integerBetween", integerBetween(1, 10), "0x5", "1..10"],
  ["oneOf", oneOf(["a", "b"]), "c", "one of a, b"],
  ["flag", flag(), "1", "true or false"],
  ["natsUrls", natsUrls(), "nats://a,", "nats:// or tls:// URLs separated by commas"],
  ["natsUrls", natsUrls(), "http://a", "nats:// or tls:// URLs separated by commas"],
  ["listenAddress", listenAddress(), "localhost:1", "an IP address and a port, such as 127.0.0.1:7443 or [::1]:7443"],
  ["hostId", hostId(), "a b", "1..128 letters, digits, dots, dashes and underscores"],
  ["textOfLength", textOfLength(1, 3), "abcd", "a text of 1..3 printable characters"],
  ["textOfLength", textOfLength(1, 3), "a\n", "a text of 1..3 printable characters"],
  ["labelKeys", labelKeys(1, 2), "a,b,c", "1..2 label keys separated by commas"],
  ["labelKeys", labelKeys(1, 2), "a,,b", "1..2 label keys separated by commas"],
  ["absolutePath", absolutePath(), "sys", "an absolute path"],
  ["logLevel", logLevel(), "loud", "one of trace, debug, info, warn, error, silent"],
])("%s() refuses %o %j", (_, schema, text, requirement) => {
  const result = schema.safeParse(text);
  expect(result.success).toBe(false);
  expect(result.error?.issues[0]?.message).toBe(requirement);
});

test("parsedBy() takes what the function makes of a text, and its text for what is wrong", () => {
  const halves = parsedBy((text): number | string => (text === "" ? "a number" : Number(text) / 2));
  expect(halves.parse("8")).toBe(4);
  expect(halves.safeParse("").error?.issues[0]?.message).toBe("a number");
});
