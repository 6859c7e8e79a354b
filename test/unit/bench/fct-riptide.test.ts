import { describe, expect, test } from "vitest";
import { riptideWindow } from "../../bench/fct-riptide.ts";

const line = (peer: string, cwnd: number, state = "ESTAB"): string =>
  `${state} 0 0 10.77.2.1:9000 ${peer}:40000 cubic wscale:9,9 rto:240 rtt:20.1/0.2 mss:1448 cwnd:${cwnd} bytes_sent:1448\n`;

describe("riptideWindow()", () => {
  test("is the mean window of the connections to the destination", () => {
    const output = line("10.77.1.1", 20) + line("10.77.1.1", 41, "FIN-WAIT-1") + line("10.77.1.11", 90);
    expect(riptideWindow(output, "10.77.1.1")).toBe(31);
  });

  test("stays between 10 and 100", () => {
    expect(riptideWindow(line("10.77.1.1", 2), "10.77.1.1")).toBe(10);
    expect(riptideWindow(line("10.77.1.1", 700), "10.77.1.1")).toBe(100);
  });

  test("is undefined while no connection is open", () => {
    expect(riptideWindow(line("10.77.1.2", 20), "10.77.1.1")).toBeUndefined();
    expect(riptideWindow("", "10.77.1.1")).toBeUndefined();
  });
});
