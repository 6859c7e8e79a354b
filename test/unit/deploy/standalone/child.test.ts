import { existsSync } from "node:fs";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Child } from "../../../../deploy/standalone/child.ts";

const stopMs = 10_000;

describe("Child", () => {
  test("tells of each line of stderr, and how it ended", async () => {
    const { child, lines } = started("echo out; echo one >&2; echo two >&2; exit 7");
    expect(await child.ended).toEqual({ name: "child", code: 7, signal: null, lastLines: ["one", "two"] });
    expect(lines).toEqual(["one", "two"]);
    expect(child.isRunning).toBe(false);
  });

  test("keeps the last lines only, and the beginning of long ones", async () => {
    const { child } = started('for n in $(seq 50); do echo $n >&2; done; printf "%09999d\\n" 0 >&2');
    const { lastLines } = await child.ended;
    expect(lastLines).toHaveLength(20);
    expect(lastLines.at(-2)).toBe("50");
    expect(lastLines.at(-1)).toHaveLength(4_096);
  });

  test("stop() asks first", async () => {
    const { child, lines } = started('trap "echo asked >&2; exit 3" TERM; echo up >&2; while :; do sleep 0.05; done');
    await lineFrom(lines);
    expect(await child.stop(stopMs)).toMatchObject({ code: 3, signal: null, lastLines: ["up", "asked"] });
  });

  test("stop() does not wait for ever", async () => {
    const { child, lines } = started('trap "" TERM; echo up >&2; while :; do sleep 0.05; done');
    await lineFrom(lines);
    expect(await child.stop(100)).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(existsSync(`/proc/${child.pid}`)).toBe(false);
  });

  test("stop() after the end says how it ended", async () => {
    const { child } = started("exit 4");
    await child.ended;
    expect(await child.stop(stopMs)).toMatchObject({ code: 4 });
  });

  test("a program that does not exist is one that ended", async () => {
    const child = new Child({ name: "none", command: "/nowhere/none", args: [], env: process.env }, () => undefined);
    const end = await child.ended;
    expect(end.code).toBeGreaterThan(0);
    expect(end.lastLines.at(-1)).toContain("/nowhere/none");
  });
});

function started(script: string) {
  const lines: string[] = [];
  const command = { name: "child", command: "sh", args: ["-c", script], env: process.env };
  const child = new Child(command, (line) => lines.push(line));
  onTestFinished(async () => void (await child.stop(0)));
  return { child, lines };
}

async function lineFrom(lines: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(lines).not.toEqual([]), { timeout: stopMs });
}
