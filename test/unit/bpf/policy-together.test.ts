/** bpf/policy.h: what holds where many send to one receiver at once, and probes in turn. */
import { describe, expect, it } from "vitest";
import type { Call } from "../../support/policy-program.ts";
import { result, results, withPolicyProgram } from "../../support/policy-program.ts";

withPolicyProgram();

describe("augmenter_together_part()", () => {
  it("is the part where more than half of those that are expected were asked, and more where fewer were", () => {
    expect(results([32, 16, 40, 8, 4, 0].map((told): Call => ["together_part", 3, 32, told, 4096]))).toEqual([
      3, 3, 3, 6, 12, 3,
    ]);
    expect(result("together_part", 3, 0, 4, 4096)).toBe(3);
  });

  it("is never above the host's highest window, whatever the counts", () => {
    const any = 4_294_967_295;
    const calls: Call[] = [
      [28, 24, 3, 16],
      [4096, any, 1, 4096],
      [28, 24, any, 16],
    ].map((counts): Call => ["together_part", ...counts]);
    expect(results(calls)).toEqual([16, 4096, 16]);
  });
});

describe("augmenter_together_clamp()", () => {
  it("divides a host's part among its own connections, two segments at the least", () => {
    expect(
      results([
        ["together_clamp", 12, 1],
        ["together_clamp", 12, 3],
        ["together_clamp", 12, 16],
        ["together_clamp", 12, 0],
      ]),
    ).toEqual([12, 4, 2, 12]);
  });
});

describe("augmenter_together_after()", () => {
  it("holds for as many rounds as it is told, and while each of the last eight saw a queue", () => {
    expect(
      results([
        ["together_after", 12, 6, 8, 0],
        ["together_after", 12, 8, 8, 8],
        ["together_after", 12, 30, 8, 20],
        ["together_after", 12, 22, 24, 0],
      ]),
    ).toEqual([12, 12, 12, 12]);
  });

  it("grows by a quarter in every other round, and never beyond what the kernel takes", () => {
    expect(
      results([
        ["together_after", 12, 8, 8, 7],
        ["together_after", 15, 9, 8, 0],
        ["together_after", 2, 10, 8, 0],
        ["together_after", 12, 24, 24, 0],
        ["together_after", 2 ** 30, 100, 8, 0],
      ]),
    ).toEqual([15, 15, 3, 15, 2 ** 30]);
  });
});

describe("augmenter_probe_us()", () => {
  it("lets those that begin with one segment ask after it in turn, each two segments of the path later", () => {
    expect(
      results([
        ["probe_us", 20_000, 0, 6_000_000, 1_500],
        ["probe_us", 20_000, 1, 6_000_000, 1_500],
        ["probe_us", 20_000, 15, 6_000_000, 1_500],
      ]),
    ).toEqual([20_000, 20_500, 27_500]);
  });

  it("is never above what the kernel takes, whatever the rate", () => {
    expect(
      results([
        ["probe_us", 20_000, 1_000, 6_000_000, 1_500],
        ["probe_us", 20_000, 1, 1, 1_500],
        ["probe_us", 20_000, 5, 0, 1_500],
      ]),
    ).toEqual([200_000, 200_000, 20_000]);
  });
});

describe("augmenter_together_window()", () => {
  it("divides the first window among a host's own connections, one segment at the least", () => {
    expect(
      results([
        ["together_window", 7, 1, 9],
        ["together_window", 7, 3, 9],
        ["together_window", 1, 4, 9],
        ["together_window", 28, 1, 9],
      ]),
    ).toEqual([7, 2, 1, 9]);
  });
});

describe("augmenter_queued_together()", () => {
  it("sees a queue of a sixteenth of the RTT, and none below what the delays of hosts may be", () => {
    expect(
      results([
        ["queued_together", 1_250, 1_000],
        ["queued_together", 1_251, 1_000],
        ["queued_together", 21_250, 20_000],
        ["queued_together", 21_251, 20_000],
        ["queued_together", 5_000, 0],
      ]),
    ).toEqual([0, 1, 0, 1, 0]);
  });
});
