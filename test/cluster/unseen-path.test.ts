/** A path that nobody has used yet: what gRPC says of it, and what the kernel grants on it, from the paths beside it. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canUseKernel } from "../support/privileges.ts";
import { idleConnection, socketOn } from "../support/sockets.ts";
import { until } from "../support/until.ts";
import { Cluster } from "../testbed/cluster.ts";
import { rackNetwork } from "../testbed/network-plan.ts";
import { projectRoot } from "../testbed/programs.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";

const kernelDefault = 10;
const rateBitsPerSecond = 200_000_000;
const rttUs = 20_000;

interface Answer {
  readonly provenance: string;
  readonly confidence: number;
  readonly minRttUs: number;
  readonly advice: { readonly windowSegments: number } | null;
}

interface Transfer {
  readonly provenance: string;
  readonly p50Us: number;
}

interface Matrix {
  readonly cells: readonly object[];
}

describe.skipIf(!canUseKernel)("an unseen path", () => {
  let testbed: Testbed;
  let cluster: Cluster;

  beforeAll(async () => {
    testbed = await createTestbed(
      rackNetwork({
        racks: { a: ["a1", "a2"], b: ["b1"] },
        inside: { rateBitsPerSecond: 1e9, rttUs: 200, bufferBytes: 250_000 },
        across: { rateBitsPerSecond, rttUs, bufferBytes: 500_000 },
      }),
    );
    await testbed.host("b1").serve();
    cluster = await Cluster.start(testbed, { apply: true, reportIntervalMs: 500 });
  });
  afterAll(() => testbed?.close());

  // The operator's command asks over gRPC.
  async function ask<Told>(...words: readonly string[]): Promise<Told | undefined> {
    const command = join(projectRoot(), "dist/cli/main.js");
    const asked = [...words, "--server", cluster.grpcAddress, "-o", "json"];
    const running = testbed.management.spawn(process.execPath, [command, ...asked], { inCgroup: false });
    const { code } = await running.exited;
    return code === 0 ? (JSON.parse(running.stdout) as Told) : undefined;
  }

  function getPath(from: string, to: string): Promise<Answer | undefined> {
    return ask<Answer>("path", cluster.hostId(from), testbed.host(to).address);
  }

  it("is inferred from the rack's measured one, and its first connection gets a bounded window", async () => {
    expect(await getPath("b1", "a2")).toBeUndefined();
    await until("the window fits the measured path", 40_000, async () => {
      await testbed.host("a1").transfer({ to: testbed.host("b1"), bytes: 512 << 10, rounds: 5 });
      return ((await cluster.path("b1", "a1"))?.advice?.windowSegments ?? 0) > 500;
    });
    expect(await getPath("b1", "a1")).toMatchObject({ provenance: "PROVENANCE_MEASURED" });
    let unseen: Answer | undefined;
    await until("the unseen path is advised", 10_000, async () => {
      unseen = await getPath("b1", "a2");
      return (unseen?.advice?.windowSegments ?? 0) > kernelDefault;
    });
    expect(unseen?.provenance).toBe("PROVENANCE_INFERRED");
    expect(unseen?.minRttUs).toBeGreaterThan(0.9 * rttUs);
    expect(unseen?.minRttUs).toBeLessThan(1.2 * rttUs);
    expect(unseen?.confidence).toBeLessThan(0.6);
    expect(unseen?.advice?.windowSegments).toBeLessThan(300);
    await expectAnswersBesides();
    const connection = await idleConnection(testbed.host("a2"), testbed.host("b1"), 9_300);
    const { cwnd } = await socketOn(testbed.host("b1"), 9_300);
    await connection.stop();
    expect(cwnd).toBeGreaterThan(kernelDefault);
    expect(cwnd).toBe(unseen?.advice?.windowSegments);
  });

  // Every other question about the unseen pair is answered from the same belief, and says so.
  async function expectAnswersBesides(): Promise<void> {
    const [from, to] = [cluster.hostId("b1"), cluster.hostId("a2")];
    const inferred = {
      provenance: "PROVENANCE_INFERRED",
      confidence: expect.any(Number),
      ageSeconds: expect.any(Number),
    };
    const estimate = await ask<Transfer>("estimate", from, to, "--bytes", "1MiB");
    expect(estimate).toMatchObject(inferred);
    expect(estimate?.p50Us).toBeGreaterThan(2 * rttUs);
    const ranking = await ask<{ destinations: { estimate: Transfer | null }[] }>("rank", from, to, "192.0.2.1");
    expect(ranking?.destinations.map((each) => each.estimate)).toEqual([expect.objectContaining(inferred), null]);
    const matrix = await ask<Matrix>("matrix", "--level", "host", from, to);
    expect(matrix?.cells).toContainEqual(
      expect.objectContaining({ source: from, destination: to, provenance: "PROVENANCE_INFERRED", paths: 0 }),
    );
  }
});
