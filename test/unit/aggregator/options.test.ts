import { expect, test } from "vitest";
import { aggregatorProgram } from "../../../aggregator/options.ts";
import { readOptions } from "../../../common/options.ts";

test("aggregatorProgram has the promised defaults", () => {
  expect(readOptions(aggregatorProgram, [], {})).toMatchObject({
    kind: "values",
    values: {
      natsUrl: "nats://127.0.0.1:4222",
      natsWaitMs: 10_000,
      grpcListen: { host: "127.0.0.1", port: 7_443 },
      httpListen: { host: "127.0.0.1", port: 7_480 },
      adviceTtlMs: 10_000,
      logLevel: "info",
    },
  });
});

test.each(["999", "600001", "1e4", ""])("aggregatorProgram refuses an advice TTL of %j", (text) => {
  expect(() => readOptions(aggregatorProgram, [`--advice-ttl-ms=${text}`], {})).toThrow(
    `Cannot use --advice-ttl-ms as it must be 1000..600000: current value is ${text}`,
  );
});
