import { expect, test } from "vitest";
import { ExitError, exitCodes } from "../../../common/exit-codes.ts";
import { runMain } from "../../../common/run-main.ts";

async function ended(main: () => Promise<void>): Promise<{ readonly code: number | undefined; readonly text: string }> {
  let code: number | undefined;
  let text = "";
  await runMain(main, {
    stderr: {
      write: (written) => {
        text += written;
      },
    },
    exit: (given) => {
      code = given;
    },
  });
  return { code, text };
}

test("runMain() ends with 0 and says nothing where all is well", async () => {
  expect(await ended(async () => undefined)).toEqual({ code: 0, text: "" });
});

test("runMain() ends with the code of an ExitError and its message on one line", async () => {
  const main = async () => {
    throw new ExitError(exitCodes.portInUse, "Cannot listen\n  on this");
  };
  expect(await ended(main)).toEqual({ code: 4, text: "Cannot listen on this\n" });
});

test("runMain() ends with 1 and a stack for what should not happen", async () => {
  const { code, text } = await ended(async () => {
    throw new TypeError("broken");
  });
  expect(code).toBe(1);
  expect(text).toMatch(/^TypeError: broken\n\s+at /);
});
