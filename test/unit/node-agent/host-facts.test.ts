import { describe, expect, it } from "vitest";
import { linkBytesPerSecond } from "../../../node-agent/host-facts.ts";

describe("linkBytesPerSecond()", () => {
  it("believes what is configured over the kernel", () => {
    expect(linkBytesPerSecond(10_000, ["lo"])).toBe(1_250_000_000);
  });

  it("is 0 where no interface says", () => {
    expect(linkBytesPerSecond(0, ["lo", "no-such-interface"])).toBe(0);
  });
});
