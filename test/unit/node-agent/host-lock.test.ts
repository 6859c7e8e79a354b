import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { exitCodes } from "../../../common/exit-codes.ts";
import type { HostLock } from "../../../node-agent/host-lock.ts";
import { lockHost } from "../../../node-agent/host-lock.ts";

const hostId = `lock-test-${process.pid}`;
const canWriteRun = process.getuid?.() === 0;

describe.skipIf(!canWriteRun)("lockHost()", () => {
  const held: HostLock[] = [];
  afterEach(async () => {
    for (const lock of held.splice(0)) await lock.release();
  });

  it("refuses a second owner, naming the option", async () => {
    held.push(await lockHost(hostId));
    await expect(lockHost(hostId)).rejects.toMatchObject({ code: exitCodes.badConfiguration });
    await expect(lockHost(hostId)).rejects.toThrow(/Cannot use --host-id .* current value is lock-test/);
  });

  it("is free again once released", async () => {
    await (await lockHost(hostId)).release();
    held.push(await lockHost(hostId));
  });

  it("is taken from an owner that was killed", async () => {
    const path = `/run/augmenter/${hostId}.lock`;
    execFileSync("mkdir", ["-p", "/run/augmenter"]);
    const script = 'require("net").createServer().listen(process.argv[1],()=>console.log("locked"))';
    const owner = spawn(process.execPath, ["-e", script, path], { stdio: ["ignore", "pipe", "inherit"] });
    await once(owner.stdout, "data");
    await expect(lockHost(hostId)).rejects.toMatchObject({ code: exitCodes.badConfiguration });
    owner.kill("SIGKILL");
    await once(owner, "exit");
    held.push(await lockHost(hostId));
  });
});
