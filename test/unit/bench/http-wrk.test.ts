import { describe, expect, test } from "vitest";
import type { Latencies } from "../../bench/http-wrk.ts";
import { latencyQuantileMs, mergedLatencies, parseWrk, wrkArguments } from "../../bench/http-wrk.ts";

const none = { connect: 0, read: 0, write: 0, status: 0, timeout: 0 };

/** What wrk prints with http-wrk.lua, below its own text. */
function printedBy(latencies: Latencies, requests: number, errors = none, durationUs = 1_000_000): string {
  const line = { duration_us: durationUs, requests, bytes: 1, errors, latency_us: latencies };
  return `Running 1s test @ http://10.0.0.1:8080/65536\nRequests/sec: ${requests}\n${JSON.stringify(line)}\n`;
}

/** stats_correct() of wrk 4.1: what it makes of measured latencies. */
function correctedByWrk(measured: Latencies, interval: number): Latencies {
  const counts = new Map(measured);
  for (const [us, count] of measured.filter(([value]) => value >= 2 * interval)) {
    for (let added = us - interval; added > interval; added -= interval) {
      counts.set(added, (counts.get(added) ?? 0) + count);
    }
  }
  return [...counts].sort(([a], [b]) => a - b);
}

test("wrkArguments() asks for a connection a request, and for the script", () => {
  const wanted = { url: "http://10.0.0.1:8080/65536", connections: 8, seconds: 4, scriptPath: "/x/http-wrk.lua" };
  const given = wrkArguments(wanted);
  expect(given).toEqual(expect.arrayContaining(["--header=Connection: close", "--connections=8", "--duration=4s"]));
  expect(given.at(-1)).toBe(wanted.url);
});

describe("parseWrk()", () => {
  test("reads time, requests and latencies, and adds up the errors of every kind", () => {
    const errors = { connect: 1, read: 2, write: 3, status: 4, timeout: 5 };
    const latencies: Latencies = [
      [20_000, 2],
      [30_000, 3],
    ];
    const run = parseWrk(printedBy(latencies, 10, errors, 4_000_000), 1);
    expect(run).toEqual({ seconds: 4, requests: 10, latencies, errors: 15 });
  });

  test("takes out what wrk adds to long latencies, and nothing else", () => {
    // Ten requests in a second over two connections: an interval of 200 ms. Some additions fall on measured values.
    const measured: Latencies = [
      [100_000, 4],
      [300_000, 2],
      [399_999, 1],
      [500_000, 1],
      [700_000, 1],
      [900_000, 1],
    ];
    const corrected = correctedByWrk(measured, 200_000);
    expect(corrected.find(([us]) => us === 300_000)).toEqual([300_000, 5]);
    expect(parseWrk(printedBy(corrected, 10), 2).latencies).toEqual(measured);
  });

  test("takes nothing out where a connection had no request, as wrk then adds nothing", () => {
    const latencies: Latencies = [[900_000, 1]];
    expect(parseWrk(printedBy(latencies, 1), 8).latencies).toEqual(latencies);
  });

  test("reads a run in which nothing was answered", () => {
    expect(parseWrk(printedBy([], 0, { ...none, connect: 7 }), 1)).toMatchObject({ requests: 0, errors: 7 });
  });

  test("refuses an output without the script's line, with the end of it", () => {
    expect(() => parseWrk("unable to connect to 10.0.0.1:8080 Connection refused\n", 1)).toThrow(
      /no line of JSON: .*Connection refused/,
    );
  });

  test("refuses latencies that are not as many as the requests", () => {
    expect(() => parseWrk(printedBy([[20_000, 3]], 2), 1)).toThrow("3 latencies of 2 requests");
  });
});

describe("latencyQuantileMs()", () => {
  const latencies: Latencies = [
    [10_000, 50],
    [20_000, 49],
    [90_000, 1],
  ];

  test("is the nearest rank", () => {
    expect([0, 0.5, 0.51, 0.99, 1].map((q) => latencyQuantileMs(latencies, q))).toEqual([10, 10, 20, 20, 90]);
  });

  test("is 0 of nothing", () => {
    expect(latencyQuantileMs([], 0.5)).toBe(0);
  });
});

test("mergedLatencies() adds up equal latencies and keeps the order", () => {
  const first: Latencies = [
    [10, 1],
    [30, 2],
  ];
  expect(mergedLatencies([first, [[20, 5]], [[30, 1]]])).toEqual([
    [10, 1],
    [20, 5],
    [30, 3],
  ]);
});
