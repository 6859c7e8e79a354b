import { expect, test } from "vitest";
import { Notices } from "../../../../deploy/standalone/notices.ts";

const line = (level: number, msg: string) => JSON.stringify({ level, msg });

test("Notices keeps the newest warning or error, and counts those before it", () => {
  const notices = new Notices();
  notices.take("agent", line(30, "started"), "10:00:00");
  expect([notices.newest, notices.takeNew()]).toEqual([undefined, undefined]);

  notices.take("agent", line(40, "refused"), "10:00:01");
  expect(notices.takeNew()).toBe("10:00:01 agent warning: refused");
  expect(notices.takeNew()).toBeUndefined();

  notices.take("agent", line(40, "refused"), "10:00:02");
  notices.take("aggregator", line(50, "broke"), "10:00:03");
  expect(notices.newest).toBe("10:00:03 aggregator error: broke (and 2 before it)");
  expect(notices.takeNew()).toBe("10:00:03 aggregator error: broke (and 1 before it)");
});
