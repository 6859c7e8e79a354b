import { describe, expect, test } from "vitest";
import { lastWords, loggedLineOf } from "../../../../deploy/standalone/child-line.ts";

const pinoLine = (fields: object) => JSON.stringify({ level: 40, time: "t", pid: 1, program: "p", ...fields });

describe("loggedLineOf()", () => {
  test("reads what pino writes", () => {
    const line = pinoLine({
      level: 50,
      err: { message: "errno EPERM", stack: "s" },
      destination: "10.0.0.1",
      msg: "no",
    });
    expect(loggedLineOf(line)).toEqual({ severity: "error", text: "no: errno EPERM: destination=10.0.0.1" });
    expect(loggedLineOf(pinoLine({ msg: "refused", count: 3 }))).toEqual({
      severity: "warning",
      text: "refused: count=3",
    });
    expect(loggedLineOf(pinoLine({ level: 30, msg: "started" })).severity).toBe("information");
  });

  test("reads what nats-server writes", () => {
    const line = (kind: string) => `[22786] 2026/11/22 22:05:26.769330 [${kind}] some text`;
    expect(loggedLineOf(line("FTL"))).toEqual({ severity: "error", text: "some text" });
    expect(loggedLineOf(line("ERR")).severity).toBe("error");
    expect(loggedLineOf(line("WRN"))).toEqual({ severity: "warning", text: "some text" });
    expect(loggedLineOf(line("INF")).severity).toBe("information");
  });

  test("takes anything else as it is, without what moves a cursor", () => {
    expect(loggedLineOf("{ not JSON")).toEqual({ severity: "plain", text: "{ not JSON" });
    expect(loggedLineOf("a\x1b[2Jb\tc\r")).toEqual({ severity: "plain", text: "a [2Jb c" });
    expect(loggedLineOf(pinoLine({ msg: "a\x1b[Hb" })).text).toBe("a [Hb");
  });
});

describe("lastWords()", () => {
  test("is the last line that is not of the ordinary log", () => {
    const usual = pinoLine({ level: 30, msg: "ended" });
    expect(lastWords([pinoLine({ msg: "broker disconnected" }), usual])).toBe("broker disconnected");
    expect(lastWords(["[1] 2026/11/22 22:05:26.77 [INF] Server is ready"])).toBe("");
    expect(lastWords([pinoLine({ msg: "ending" }), "Cannot listen on http address 127.0.0.1:1: EADDRINUSE"])).toBe(
      "Cannot listen on http address 127.0.0.1:1: EADDRINUSE",
    );
  });

  test("is the message of an exception, not its stack", () => {
    expect(lastWords(["file.js:1", "Error: boom", "    at main (file.js:1:2)", "", "Node.js v20.20.2"])).toBe(
      "Error: boom",
    );
  });

  test("is empty where nothing was said", () => {
    expect(lastWords([])).toBe("");
  });
});
