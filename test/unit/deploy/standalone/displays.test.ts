import { describe, expect, test } from "vitest";
import { LiveScreen } from "../../../../common/live-screen.ts";
import type { Scene } from "../../../../deploy/standalone/display.ts";
import { JsonDisplay } from "../../../../deploy/standalone/json-display.ts";
import { LiveDisplay } from "../../../../deploy/standalone/live-display.ts";
import { Notices } from "../../../../deploy/standalone/notices.ts";
import { PlainDisplay } from "../../../../deploy/standalone/plain-display.ts";
import { playedPath } from "./played-path.ts";

const addresses = { grpc: "127.0.0.1:1", http: "127.0.0.1:2", agentHttp: "127.0.0.1:3", nats: "nats://127.0.0.1:4" };
const warning = JSON.stringify({ level: 40, msg: "refused" });
const sceneAt = (nowMs: number, ...paths: Scene["paths"]): Scene => ({ paths, nowMs });

describe("PlainDisplay", () => {
  test("prints the table only when it has changed, and at most every five seconds", () => {
    const { display, written } = plain();
    display.show(sceneAt(0));
    display.show(sceneAt(1_000));
    expect(written()).toBe("No TCP connections to other hosts sampled yet.\n");

    display.show(sceneAt(2_000, playedPath("10.0.0.2")));
    expect(written()).toMatch(/^destination .*\n10\.0\.0\.2 .*\n\n$/);
    // Only older, and with more samples.
    display.show(sceneAt(9_000, playedPath("10.0.0.2", { rttSamples: 999 })));
    expect(written()).toBe("");
    display.show(sceneAt(10_000, playedPath("10.0.0.2", { lossRatio: 0.5 })));
    expect(written()).toContain("50.0 %");
    display.show(sceneAt(14_900, playedPath("10.0.0.2")));
    expect(written()).toBe("");
    display.show(sceneAt(15_000, playedPath("10.0.0.2")));
    expect(written()).toContain("0 %");
  });

  test("prints the addresses, and notices elsewhere", () => {
    const { display, written, notices, noticed } = plain();
    display.addresses(addresses);
    for (const address of Object.values(addresses)) expect(written.all()).toContain(address);
    notices.take("agent", warning, "10:00:00");
    display.show(sceneAt(0));
    display.show(sceneAt(1_000));
    expect(noticed()).toBe("10:00:00 agent warning: refused\n");
  });
});

describe("JsonDisplay", () => {
  test("prints the addresses, then a line for every refresh", () => {
    const lines: string[] = [];
    const display = new JsonDisplay({
      write: (text) => lines.push(text),
      writeNotice: () => undefined,
      notices: new Notices(),
      isApplied: true,
      unixMs: () => 0,
    });
    display.addresses(addresses);
    display.show(sceneAt(0));
    display.show(sceneAt(1_000, playedPath("10.0.0.2"), playedPath("127.0.0.1")));
    expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        addresses: { grpc: "127.0.0.1:1", http: "127.0.0.1:2", agent_http: "127.0.0.1:3", nats: "nats://127.0.0.1:4" },
      },
      { time: "1970-01-01T00:00:00.000Z", mode: "apply", paths_total: 0, paths: [] },
      expect.objectContaining({ paths_total: 1, paths: [expect.objectContaining({ destination: "10.0.0.2" })] }),
    ]);
  });
});

describe("LiveDisplay", () => {
  test("fills the height that the addresses leave, with the newest notice below the table", () => {
    const { display, notices, frame } = live(14);
    display.addresses(addresses);
    const paths = Array.from({ length: 40 }, (_, index) => playedPath(`10.0.0.${index + 1}`));
    display.show(sceneAt(0, ...paths));
    // 14 rows, of which the addresses take 6 and the cursor 1.
    expect(frame()).toHaveLength(7);
    expect(frame().at(-1)).toBe("and 35 more");

    notices.take("agent", warning, "10:00:00");
    notices.take("agent", warning, "10:00:01");
    display.show(sceneAt(1_000, ...paths));
    expect(frame()).toHaveLength(7);
    expect(frame().slice(-2)).toEqual(["and 36 more", "10:00:01 agent warning: refused (and 1 before it)"]);
  });

  test("says what it is busy with below the table, and repeats all on another size", () => {
    const { display, frame, writes } = live(24);
    display.status("Starting.");
    expect(frame()).toEqual(["Starting."]);
    display.addresses(addresses);
    display.show(sceneAt(0));
    display.status("Stopping.");
    expect(frame()).toEqual(["No TCP connections to other hosts sampled yet.", "Stopping."]);
    writes.length = 0;
    display.resized(sceneAt(0));
    expect(writes[0]).toBe("\x1b[2J\x1b[H");
    expect(writes.join("")).toContain("127.0.0.1:1");
  });
});

function plain() {
  const notices = new Notices();
  const texts: string[] = [];
  const noticeTexts: string[] = [];
  const display = new PlainDisplay({
    write: (text) => texts.push(text),
    writeNotice: (text) => noticeTexts.push(text),
    notices,
    isApplied: false,
  });
  const written = Object.assign(() => texts.splice(0).join(""), { all: () => texts.join("") });
  return { display, notices, written, noticed: () => noticeTexts.splice(0).join("") };
}

function live(rows: number) {
  const writes: string[] = [];
  const notices = new Notices();
  const screen = new LiveScreen({ columns: 120, rows, write: (text) => writes.push(text) });
  const display = new LiveDisplay({ screen, notices, isApplied: false, isColoured: false });
  // What follows the return to the first column, less the erasing of the rest at the end.
  const frame = () => {
    const written = writes.at(-1) ?? "";
    return written
      .slice(written.lastIndexOf("\r") + 1)
      .split("\x1b[K\n")
      .slice(0, -1);
  };
  return { display, notices, writes, frame };
}
