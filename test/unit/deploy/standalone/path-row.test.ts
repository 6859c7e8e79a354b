import { describe, expect, test } from "vitest";
import { pathJson, pathRow, shownPaths } from "../../../../deploy/standalone/path-row.ts";
import { playedPath } from "./played-path.ts";

const destinationsOf = (paths: ReturnType<typeof shownPaths>) =>
  paths.map(({ estimate }) => estimate.path?.destination);

describe("shownPaths()", () => {
  test("leaves out what does not leave the host", () => {
    const paths = [
      playedPath("127.0.0.1"),
      playedPath("::1"),
      playedPath("10.0.0.1", { destinationHost: "a" }),
      playedPath("10.0.0.2", { destinationHost: "b" }),
      playedPath("2001:db8::1"),
    ];
    expect(destinationsOf(shownPaths(paths))).toEqual(["10.0.0.2", "2001:db8::1"]);
  });

  test("has the largest BDP first, then the most samples, then an order of its own", () => {
    const paths = [
      playedPath("10.0.0.4", { bdpBytes: 0, rttSamples: 5 }),
      playedPath("10.0.0.3", { bdpBytes: 0, rttSamples: 5 }),
      playedPath("10.0.0.2", { bdpBytes: 0, rttSamples: 7 }),
      playedPath("10.0.0.1", { bdpBytes: 1 }),
    ];
    expect(destinationsOf(shownPaths(paths))).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]);
  });
});

describe("pathRow()", () => {
  test("adds the time since the path was told of to its age", () => {
    expect(pathRow(playedPath("10.0.0.2"), 2_500)).toEqual({
      source: "a",
      destination: "10.0.0.2",
      "RTT min": "20.0 ms",
      "RTT p50": "21.5 ms",
      rate: "200 Mbit/s",
      loss: "0 %",
      BDP: "500 kB",
      window: "690",
      age: "3 s",
      samples: "120/30",
    });
  });

  test("shows what is not known, and the kernel's default window, as a dash", () => {
    const row = pathRow(
      playedPath("10.0.0.2", { minRttUs: 0, rttP50Us: 0, rateBytesPerSecond: 0, bdpBytes: 0, advice: null }),
      0,
    );
    expect(row).toMatchObject({ "RTT min": "-", "RTT p50": "-", rate: "-", BDP: "-", window: "-" });
  });
});

test("pathJson() has null for what is not known", () => {
  expect(pathJson(playedPath("10.0.0.2", { rateBytesPerSecond: 0, bdpBytes: 0, advice: null }), 500)).toEqual({
    source: "a",
    destination: "10.0.0.2",
    min_rtt_us: 20_000,
    rtt_p50_us: 21_500,
    rate_bytes_per_s: null,
    loss_ratio: 0,
    bdp_bytes: null,
    window_segments: null,
    age_s: 1.5,
    confidence: 0.9,
    connections: 9,
    rtt_samples: 120,
    rate_samples: 30,
  });
});
