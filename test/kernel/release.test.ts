/** What is given back to open connections, seen on ones whose network namespace is not this process's. */
import { exec } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { advise, attachTo } from "../support/datapath.ts";
import { rttUs, useKernelBed } from "../support/kernel-bed.ts";
import { canUseKernel } from "../support/privileges.ts";
import { idleConnection, socketOn } from "../support/sockets.ts";
import { projectRoot } from "../testbed/programs.ts";

const rateBytesPerSecond = 500_000;

describe.skipIf(!canUseKernel)("idle connections of another network namespace are let go of", () => {
  const bed = useKernelBed(9900);

  /** A connection that is paced, and what is paced of it later. */
  async function pacedConnection() {
    const datapath = attachTo(bed.server);
    advise(datapath, bed.client.address, {
      windowSegments: 28,
      pathRateBytesPerSecond: rateBytesPerSecond,
      minRttUs: rttUs,
      // So that a part of it that is smaller than ten segments is granted.
      isCapacityKnown: true,
    });
    const port = bed.nextPort();
    const connection = await idleConnection(bed.client, bed.server, port);
    const pacing = async () => (await socketOn(bed.server, port)).maxPacingBitsPerSecond;
    expect(await pacing()).toBe(rateBytesPerSecond * 8);
    return { datapath, connection, pacing };
  }

  it("by detach(), from wherever it is called", async () => {
    const { datapath, connection, pacing } = await pacedConnection();
    await datapath.detach();
    expect(datapath.takeReleaseFailures()).toEqual([]);
    expect(await pacing()).toBeUndefined();
    await connection.stop();
  });

  it("by a new program that takes over from another cgroup", async () => {
    const { connection, pacing } = await pacedConnection();
    // Pinned under the same name, as after a change of --cgroup.
    const next = attachTo(bed.client, { hostId: bed.server.namespace });
    expect(next.takeReleaseFailures()).toEqual([]);
    expect(await pacing()).toBeUndefined();
    await next.detach();
    await connection.stop();
  });

  it("by what the systemd unit runs as it is stopped", async () => {
    const { datapath, connection, pacing } = await pacedConnection();
    await promisify(exec)(stopCommand(datapath.releasePin));
    expect(await pacing()).toBeUndefined();
    await datapath.detach();
    await connection.stop();
  });
});

function stopCommand(releasePin: string): string {
  const unit = readFileSync(join(projectRoot(), "deploy/systemd/augmenter-agent.service"), "utf8");
  const [, command = ""] = /^ExecStop=-\+\/bin\/sh -c '(.*)'$/m.exec(unit) ?? [];
  expect(command).toContain("nsenter");
  return command.replaceAll("$$", "$").replace("/sys/fs/bpf/augmenter/*/release", releasePin);
}
