import { expect, test } from "vitest";
import { readOptions } from "../../../../common/options.ts";
import { standaloneProgram } from "../../../../deploy/standalone/options.ts";

test("by default a broker is started, nothing is granted, and all addresses are loopback", () => {
  const outcome = readOptions(standaloneProgram, [], {});
  expect(outcome).toMatchObject({
    kind: "values",
    values: {
      natsUrl: "",
      cgroup: "",
      apply: false,
      json: false,
      logLevel: "warn",
      grpcListen: { host: "127.0.0.1", port: 7443 },
      httpListen: { host: "127.0.0.1", port: 7480 },
      agentHttpListen: { host: "127.0.0.1", port: 7481 },
    },
  });
});

test("a broker's URL is checked where one is given", () => {
  const read = (url: string) => readOptions(standaloneProgram, ["--nats-url", url], {});
  expect(read("nats://a:1,tls://b:2")).toMatchObject({ values: { natsUrl: "nats://a:1,tls://b:2" } });
  expect(() => read("http://a")).toThrow("Cannot use --nats-url as it must be empty, or nats:// or tls:// URLs");
});
