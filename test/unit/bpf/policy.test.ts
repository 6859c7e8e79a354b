/** bpf/policy.h: windows and rates of one host. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adviceLimits } from "../../../proto/advice-bounds.ts";
import type { Call } from "../../support/policy-program.ts";
import { result, results, withPolicyProgram } from "../../support/policy-program.ts";

withPolicyProgram();

const fits = 0;
const unknown = 1;
const tooLow = 2;
const tooHigh = 3;
const unlimited = 2 ** 32 - 1;

describe("augmenter_clamp()", () => {
  it("keeps a window within its bounds", () => {
    expect(
      results([
        ["clamp", 5000, 2, 4096],
        ["clamp", 1, 2, 4096],
        ["clamp", 345, 2, 4096],
      ]),
    ).toEqual([4096, 2, 345]);
  });
});

describe("augmenter_handshake_check()", () => {
  it("accepts more than half and at most ten times the remembered minimum (RFC 9959)", () => {
    const calls: Call[] = [10_000, 10_001, 20_000, 200_000, 200_001].map((rttUs) => ["handshake", rttUs, 20_000]);
    expect(results(calls)).toEqual([tooLow, fits, fits, fits, tooHigh]);
  });

  it("knows nothing without a sample or a memory", () => {
    expect(
      results([
        ["handshake", 0, 20_000],
        ["handshake", 20_000, 0],
      ]),
    ).toEqual([unknown, unknown]);
  });

  it("does not overflow", () => {
    expect(
      results([
        ["handshake", 4_294_967_295, 4_294_967_295],
        ["handshake", 4_294_967_295, 1],
      ]),
    ).toEqual([fits, tooHigh]);
  });
});

describe("augmenter_queued()", () => {
  it("asks for an eighth of the minimum and at least a millisecond", () => {
    expect(
      results([
        ["queued", 22_500, 20_000],
        ["queued", 22_501, 20_000],
      ]),
    ).toEqual([0, 1]);
    expect(
      results([
        ["queued", 1_100, 100],
        ["queued", 1_101, 100],
      ]),
    ).toEqual([0, 1]);
    expect(result("queued", 50_000, 0)).toBe(0);
  });
});

describe("augmenter_demand_bytes()", () => {
  const share = 50 * mssBytes * 100;

  it("is five segments for whoever could send more than ten in a round trip", () => {
    expect(result("demand", share, 20_000, 100, mssBytes)).toBe(5 * mssBytes);
    expect(result("demand", 0, 20_000, 10, mssBytes)).toBe(5 * mssBytes);
  });

  it("is half of a smaller share, so that many who share a path go on being counted", () => {
    expect(result("demand", share, 800, 100, mssBytes)).toBe(2 * mssBytes);
  });

  it("is half of a smaller congestion window", () => {
    expect(result("demand", share, 20_000, 2, mssBytes)).toBe(mssBytes);
    expect(result("demand", 0, 20_000, 2, mssBytes)).toBe(mssBytes);
  });

  it("is something at the least", () => {
    expect(result("demand", 1, 1, 100, mssBytes)).toBe(1);
    expect(result("demand", 0, 20_000, 0, mssBytes)).toBe(1);
  });
});

describe("augmenter_pacing_rate()", () => {
  it("divides the rate among those who are busy", () => {
    expect(
      results([
        ["pacing", 24_000_000, 1, 64],
        ["pacing", 24_000_000, 4, 64],
        ["pacing", 24_000_000, 0, 64],
      ]),
    ).toEqual([24_000_000, 6_000_000, 24_000_000]);
    expect(result("pacing", 0, 1, 64), "no slower than hosts take advice for").toBe(adviceLimits.rateMinBytesPerSecond);
  });

  it("never says 'no cap', and always lets two segments pass within the kernel's first timeout", () => {
    const rates = fc.bigInt({ min: 0n, max: 1n << 50n });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(rates, fc.integer({ min: 0, max: 1 << 20 }), fc.integer({ min: 64, max: 2048 })), {
          minLength: 1,
          maxLength: 200,
        }),
        (rows) => {
          for (const rate of results(rows.map(([path, busy, gain]): Call => ["pacing", path, busy, gain]))) {
            expect(rate).toBeGreaterThanOrEqual(adviceLimits.rateMinBytesPerSecond);
            expect(rate).toBeLessThan(unlimited);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("augmenter_gain_after()", () => {
  it("holds the share, probes every other round by growing steps, and gives up a cap that never mattered", () => {
    const gains = results(Array.from({ length: 18 }, (_, rounds): Call => ["gain", rounds, 4])).map(
      (gain) => gain / 64,
    );
    expect(gains).toEqual([1, 1, 1, 1, 1.0625, 1, 1.125, 1.0625, 1.25, 1.125, 1.5, 1.25, 2, 1.5, 3, 2, 0, 3]);
  });
});

describe("augmenter_waiting_rounds_after_loss()", () => {
  it("grows fourfold up to a bound", () => {
    expect(
      results([
        ["waiting", 4],
        ["waiting", 16],
        ["waiting", 1024],
      ]),
    ).toEqual([16, 64, 1024]);
  });
});

describe("augmenter_excused_loss()", () => {
  it("is an aggregate's worth, and one in 48 of what was sent", () => {
    expect(
      results([
        ["excused", 0],
        ["excused", 47],
        ["excused", 480],
      ]),
    ).toEqual([8, 8, 18]);
  });
});

describe("augmenter_filled()", () => {
  it("asks for all but a thirty-second", () => {
    expect(
      results([
        ["filled", 31_000, 32_000_000],
        ["filled", 30_999, 32_000_000],
      ]),
    ).toEqual([1, 0]);
  });
});

describe("augmenter_kbytes_per_s()", () => {
  it("is bytes over time", () => {
    expect(
      results([
        ["kbytes", 483_000, 20_000],
        ["kbytes", 1, 0],
        ["kbytes", 1n << 49n, 1],
      ]),
    ).toEqual([24_150, 0, unlimited]);
  });
});

describe("augmenter_implied_path_rate()", () => {
  it("is the rate itself for one connection, and never more than advised for several", () => {
    const advisedBytesPerSecond = 24_000_000;
    const calls: Call[] = [
      ["implied", 30_000, 1, advisedBytesPerSecond],
      ["implied", 5_000, 4, advisedBytesPerSecond],
      ["implied", 7_000, 4, advisedBytesPerSecond],
    ];
    expect(results(calls)).toEqual([30_000, 20_000, 24_000]);
  });
});

const mssBytes = 1_448;

describe("augmenter_default_rate()", () => {
  it("is ten segments a round trip, and endless where that is not known", () => {
    expect(result("default_rate", mssBytes, 20_000)).toBe(724_000);
    expect(result("default_rate", mssBytes, 0)).toBeGreaterThan(2 ** 63);
  });
});

describe("augmenter_bdp_segments()", () => {
  it("is what a rate delivers in an RTT, in full segments", () => {
    expect(result("bdp", 25_000_000, 20_000, mssBytes)).toBe(345);
    expect(result("bdp", 2_896_000, 1_000, mssBytes)).toBe(1);
    expect(result("bdp", 2_000_000, 2_900, mssBytes), "no segment is lost to rounding").toBe(4);
  });

  it("is nothing where the segment is not known", () => {
    expect(result("bdp", 25_000_000, 20_000, 0)).toBe(0);
  });

  it("does not overflow", () => {
    expect(result("bdp", 125_000_000_000, 4_294_967_295, 1)).toBe(unlimited);
  });
});

describe("augmenter_window_clamp()", () => {
  it("is two BDP and three segments below 2.5 ms, where aggregates are large", () => {
    expect(result("window_clamp", 25_000_000, 2_499, mssBytes, 0, 1)).toBe(2 * 43 + 3);
  });

  it("leaves windows alone from 2.5 ms on where a share is ten segments and more, or nothing is known to be lost of bursts", () => {
    expect(result("window_clamp", 25_000_000, 2_500, mssBytes, 5, 1)).toBe(0);
    expect(result("window_clamp", 25_000_000 / 5, 2_500, mssBytes, 5, 5)).toBe(8 + 2 + 1);
    expect(result("window_clamp", 25_000_000 / 5, 2_500, mssBytes, 0, 5)).toBe(0);
  });

  it("is a quarter and a segment more than a smaller share, four segments at the least", () => {
    const calls = [4, 2, 1].map((mbytes): Call => ["window_clamp", mbytes * 1e6, 2_900, mssBytes, 20, 6]);
    expect(results(calls)).toEqual([8 + 2 + 1, 4 + 1 + 1, 4]);
  });

  it("counts 1 ms at the least, as scheduling delays do not shrink with the RTT", () => {
    expect(result("window_clamp", 25_000_000, 1_000, mssBytes, 0, 1)).toBe(2 * 17 + 3);
    expect(result("window_clamp", 25_000_000, 50, mssBytes, 0, 1)).toBe(2 * 17 + 3);
  });

  it("is its part of what the path bears at once and half of its BDP where that is less, and six segments at the least", () => {
    const calls = [40, 17, 10, 5, 2].map((burst): Call => ["window_clamp", 25_000_000, 1_000, mssBytes, burst, 1]);
    expect(results(calls)).toEqual([2 * 17 + 3, 17 + 8, 10 + 8, 5 + 5, 6]);
    expect(result("window_clamp", 25_000_000, 1_000, mssBytes, 40, 4)).toBe(10 + 8);
  });

  it("is six segments where four fill the buffer of a path of four", () => {
    expect(result("window_clamp", 5_900_000, 1_000, mssBytes, 4, 1)).toBe(6);
  });
});

describe("augmenter_queued_by_clamp()", () => {
  it("holds for half of the minimum RTT", () => {
    expect(result("queued_by_clamp", 30_000, 20_000)).toBe(1);
    expect(result("queued_by_clamp", 30_001, 20_000)).toBe(0);
  });
});

describe("augmenter_clamp_filled()", () => {
  it("takes the little queue of a clamped window for a full path", () => {
    expect(result("clamp_filled", 1, 1_251, 1_000)).toBe(1);
    expect(result("clamp_filled", 1, 1_250, 1_000)).toBe(0);
  });

  it("says nothing of windows that are not clamped, nor of longer paths", () => {
    expect(result("clamp_filled", 0, 2_000, 1_000)).toBe(0);
    expect(result("clamp_filled", 1, 5_000, 2_500)).toBe(0);
  });
});

describe("augmenter_clamped_gain()", () => {
  it("is a sixteenth more at the least where the window is clamped to its share", () => {
    expect(result("clamped_gain", 64, 6, 2_500)).toBe(68);
    expect(result("clamped_gain", 80, 6, 2_500)).toBe(80);
  });

  it("leaves others as they are", () => {
    expect(result("clamped_gain", 64, 0, 2_500)).toBe(64);
    expect(result("clamped_gain", 64, 6, 2_499)).toBe(64);
  });
});

describe("augmenter_first_window()", () => {
  const advised = 345;

  it("is what is advised where nothing bounds it", () => {
    expect(result("first_window", advised, 0, 16)).toBe(advised);
  });

  it("is a part of what the path bears at once, where that is less than the ten unpaced segments", () => {
    const calls = [1, 4, 5, 8, 0].map((among): Call => ["first_window", advised, 40, among]);
    expect(results(calls)).toEqual([advised, advised, 8, 5, advised]);
  });

  it("is no more than the clamp", () => {
    expect(result("first_window", advised, 0, 1, 35)).toBe(35);
    expect(result("first_window", advised, 40, 8, 3)).toBe(3);
  });

  it("is never raised by what the path bears", () => {
    expect(result("first_window", 4, 40, 8)).toBe(4);
  });

  it("is two segments at the least, so that a tail loss probe repairs the loss of one", () => {
    expect(result("first_window", advised, 4, 100)).toBe(2);
    expect(result("first_window", advised, 0, 1, 1)).toBe(2);
  });

  it("is one segment at the least where the least timeout is short, because its probe waits for that too", () => {
    expect(result("first_window", advised, 4, 100, 0, 20_000)).toBe(1);
    expect(result("first_window", advised, 40, 8, 0, 20_000)).toBe(5);
  });
});

describe("augmenter_head_segments()", () => {
  it("is the unpaced segments and the aggregate right behind them", () => {
    expect(results([345, 10].map((window): Call => ["head_segments", window]))).toEqual([12, 12]);
  });

  it("is the unpaced segments where the window is smaller, and for one of a crowd its window", () => {
    expect(result("head_segments", 4)).toBe(10);
    expect(results([2, 40].map((window): Call => ["head_segments", window, 1]))).toEqual([2, 40]);
  });
});
