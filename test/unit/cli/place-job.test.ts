/** docs/examples/place-job.js against a server that answers as a test wants it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { playedServer } from "./played-server.ts";

const script = join(import.meta.dirname, "../../../docs/examples/place-job.js");

async function place(server: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, AUGMENTER_SERVER: server } });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: code as unknown, stdout, stderr };
}

describe("place-job.js", () => {
  test("names the host that comes first", async () => {
    const RankDestinations = () => ({
      destinations: [{ candidate: "w2", estimate: { p50Us: 1_234_000 } }, { candidate: "w1" }],
    });
    const server = await playedServer({ RankDestinations });
    expect(await place(server, "d1", "10GiB", "w1", "w2")).toEqual({
      code: 0,
      stdout: "w2\n",
      stderr: "w2: 1234 ms\n",
    });
  });

  test("ends with 1 where nothing is known of any", async () => {
    const server = await playedServer({ RankDestinations: () => ({ destinations: [{ candidate: "w1" }] }) });
    const stderr = "nothing is known of the way from d1 to any of w1\n";
    expect(await place(server, "d1", "10GiB", "w1", "--", "echo", "ran")).toEqual({ code: 1, stdout: "", stderr });
  });

  test("ends with 1 and one line where it is refused", async () => {
    const RankDestinations = () => {
      throw { code: status.NOT_FOUND, details: "Cannot find d1" };
    };
    const stderr = "NOT_FOUND: Cannot find d1\n";
    expect(await place(await playedServer({ RankDestinations }), "d1", "1", "w1")).toEqual({
      code: 1,
      stdout: "",
      stderr,
    });
  });

  test.each(["lots", "0", "-5", "10XB"])("refuses the size %s", async (size) => {
    expect(await place("127.0.0.1:1", "d1", size, "w1")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^usage/),
    });
  });
});
