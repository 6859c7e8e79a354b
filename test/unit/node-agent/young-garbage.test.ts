import { expect, test } from "vitest";
import { YoungGarbage } from "../../../node-agent/young-garbage.ts";

test("add() collects memory outside of V8's heap that V8 by itself would leave lying about", () => {
  const garbage = new YoungGarbage();
  const before = process.memoryUsage().external;
  for (let piece = 0; piece < 24; piece += 1) {
    Buffer.allocUnsafeSlow(1 << 20).fill(piece);
    garbage.add(1 << 20);
  }
  expect(process.memoryUsage().external - before).toBeLessThan(6 << 20);
});
