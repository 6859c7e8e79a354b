import { describe, expect, test } from "vitest";
import { LiveScreen } from "../../../common/live-screen.ts";

describe("LiveScreen", () => {
  test("draw() goes back to where it began, in one write, and erases what is left of before", () => {
    const { writes, screen } = played(80, 24);
    screen.draw(["one", "two"]);
    screen.draw(["three"]);
    expect(writes).toEqual(["\rone\x1b[K\ntwo\x1b[K\n\x1b[J", "\x1b[2A\rthree\x1b[K\n\x1b[J"]);
  });

  test("draw() cuts lines that are too long, and lines that are too many", () => {
    const { writes, screen } = played(6, 3);
    screen.draw(["123456789", "\x1b[2m123\x1b[22m", "never"]);
    expect(writes).toEqual(["\r12345\x1b[K\n\x1b[2m123\x1b[22m\x1b[K\n\x1b[J"]);
  });

  test("print() leaves its lines above what is drawn next", () => {
    const { writes, screen } = played(80, 24);
    screen.draw(["busy"]);
    screen.print(["header"]);
    screen.draw(["table"]);
    expect(writes.join("")).toBe("\rbusy\x1b[K\n\x1b[J\x1b[1A\r\x1b[Jheader\n\rtable\x1b[K\n\x1b[J");
  });

  test("clear() forgets what was drawn", () => {
    const { writes, screen } = played(80, 24);
    screen.draw(["one"]);
    screen.clear();
    screen.draw(["two"]);
    expect(writes.slice(1)).toEqual(["\x1b[2J\x1b[H", "\rtwo\x1b[K\n\x1b[J"]);
  });

  test("a terminal without a size has the usual one", () => {
    const { screen } = played(0, 0);
    expect([screen.columns, screen.lines]).toEqual([79, 23]);
  });
});

function played(columns: number, rows: number) {
  const writes: string[] = [];
  return { writes, screen: new LiveScreen({ columns, rows, write: (text) => writes.push(text) }) };
}
