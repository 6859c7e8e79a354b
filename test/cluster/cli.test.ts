/** Every verb of the operator's command against a live rack in a box, as a new user would try it, and wrong input to each. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { canUseKernel } from "../support/privileges.ts";
import { until } from "../support/until.ts";
import { Cluster } from "../testbed/cluster.ts";
import { namespacePath } from "../testbed/namespace.ts";
import { rackNetwork } from "../testbed/network-plan.ts";
import { projectRoot } from "../testbed/programs.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import { networkTopologySchema } from "../unit/cli/core/network-topology-schema.ts";

const command = join(projectRoot(), "dist/cli/main.js");
const rateBitsPerSecond = 200_000_000;
const rttUs = 20_000;

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe.skipIf(!canUseKernel)("augmenter on a live rack", () => {
  let testbed: Testbed;
  let cluster: Cluster;
  /** Host ids of the rack, which are unlike on each run. */
  let [a1, a2, b1] = ["", "", ""];

  beforeAll(async () => {
    testbed = await createTestbed(
      rackNetwork({
        racks: { a: ["a1", "a2"], b: ["b1"] },
        inside: { rateBitsPerSecond: 1e9, rttUs: 200, bufferBytes: 250_000 },
        across: { rateBitsPerSecond, rttUs, bufferBytes: 125_000 },
      }),
    );
    await Promise.all(["a1", "a2", "b1"].map((name) => testbed.host(name).serve()));
    cluster = await Cluster.start(testbed, { apply: true, reportIntervalMs: 500, grpcOnLoopback: true });
    [a1, a2, b1] = [cluster.hostId("a1"), cluster.hostId("a2"), cluster.hostId("b1")];
    await until("a window is advised", 40_000, async () => {
      await load();
      return ((await cluster.path("b1", "a1"))?.advice?.windowSegments ?? 0) > 100;
    });
  });
  afterAll(() => testbed?.close());

  async function load(): Promise<void> {
    const [from, ...to] = ["a1", "b1", "a2"].map((name) => testbed.host(name));
    for (const host of to) if (from !== undefined) await from.transfer({ to: host, bytes: 256 << 10, rounds: 3 });
  }

  /** Runs the command in the management namespace, without a terminal, a home or variables of ours. */
  function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const enter = [`--net=${namespacePath(testbed.management.namespace)}`, "--", process.execPath, command];
    const child = spawn("nsenter", [...enter, ...args], {
      env: { PATH: process.env["PATH"], HOME: "/nonexistent", AUGMENTER_SERVER: cluster.grpcAddress, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 30_000,
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (text) => {
      said.stdout += text;
    });
    child.stderr.on("data", (text) => {
      said.stderr += text;
    });
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, ...said })));
  }

  async function answer(...args: readonly string[]): Promise<string> {
    const ran = await run(args);
    expect(ran, args.join(" ")).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).not.toContain("\u001b");
    return ran.stdout;
  }

  async function json<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await answer(...args, "-o", "json")) as T;
  }

  test("hosts: the three of the rack", async () => {
    const { hosts } = await json<{ hosts: { hostId: string; rack: string; mode: string }[] }>("hosts");
    expect(hosts.map(({ hostId, rack, mode }) => `${hostId} ${rack} ${mode}`).sort()).toEqual(
      [`${a1} a MODE_APPLY`, `${a2} a MODE_APPLY`, `${b1} b MODE_APPLY`].sort(),
    );
    expect(await answer("hosts", "-o", "wide")).toMatch(
      /^host +rack +zone +mode +link +advice +heard +troubles +why +clock/,
    );
    expect((await json<{ hosts: unknown[] }>("hosts", "--rack", "b")).hosts).toHaveLength(1);
  });

  test("paths and path: what was measured, by host id and by address", async () => {
    const { paths } = await json<{ paths: { path: { source: string } }[] }>("paths", "--source", b1);
    expect(new Set(paths.map(({ path }) => path.source))).toEqual(new Set([b1]));
    for (const destination of [a1, testbed.host("a1").address]) {
      const path = await json<{ minRttUs: number; rateBytesPerSecond: number }>("path", b1, destination);
      expect(path.minRttUs).toBeGreaterThan(0.98 * rttUs);
      expect(path.minRttUs).toBeLessThan(1.1 * rttUs);
      expect(path.rateBytesPerSecond).toBeGreaterThan(0.6 * (rateBitsPerSecond / 8));
    }
    expect(await answer("path", b1, a1)).toMatch(/^minimum RTT +20\.\d ms$/m);
    expect(parse(await answer("paths", "-o", "yaml"))).toMatchObject({ paths: expect.any(Array) });
  });

  test("estimate and rank: a host across the racks is slower to reach than one beside it", async () => {
    const far = await json<{ p50Us: number; p90Us: number }>(
      "estimate",
      a1,
      b1,
      "--bytes",
      "256KiB",
      "--first-window",
      "kernel",
    );
    expect(far.p50Us).toBeGreaterThan(2 * rttUs);
    expect(far.p90Us).toBeGreaterThanOrEqual(far.p50Us);
    const { destinations } = await json<{ destinations: { candidate: string }[] }>(
      "rank",
      a1,
      b1,
      a2,
      "--bytes",
      "256KiB",
    );
    expect(destinations.map(({ candidate }) => candidate)).toEqual([a2, b1]);
    expect(await answer("estimate", a1, b1)).toMatch(/^slow start /m);
  });

  test("matrix: racks by RTT, hosts by rate", async () => {
    const { cells } = await json<{ cells: { source: string; destination: string; minRttUs: number }[] }>("matrix");
    const across = cells.find(({ source, destination }) => source === "b" && destination === "a");
    expect(across?.minRttUs).toBeGreaterThan(0.98 * rttUs);
    const lines = (await answer("matrix", "--level", "host", "--metric", "rate")).trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain(b1);
  });

  test("explain: the conclusion and the formula with its numbers", async () => {
    const explanation = await json<{ conclusion: string; inputs: { name: string }[]; steps: unknown[] }>(
      "explain",
      b1,
      a1,
    );
    expect(explanation.conclusion).not.toBe("");
    expect(explanation.inputs.length).toBeGreaterThan(0);
    expect(explanation.steps.length).toBeGreaterThan(0);
    expect(await answer("explain", b1, a1)).toMatch(/^formula$/m);
  });

  test("top and watch: the state as it is, and what changes", async () => {
    const tops = (await answer("top", "--count", "2", "--every-ms", "200", "-o", "json")).trimEnd().split("\n");
    expect(tops.map((line) => (JSON.parse(line) as { paths: unknown[] }).paths.length)).toEqual([
      expect.any(Number),
      expect.any(Number),
    ]);
    expect(await answer("top", "--count", "1", "--sort", "rtt")).toMatch(/^source +destination/);
    const watching = run(["watch", "--source", b1, "--count", "5", "--min-interval-ms", "100", "-o", "json"]);
    let isOver = false;
    void watching.then(() => {
      isOver = true;
    });
    while (!isOver) await load();
    const { code, stdout } = await watching;
    expect(code).toBe(0);
    const told = stdout
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { change: string }).change);
    expect(told.filter((change) => change === "estimate")).toHaveLength(5);
    expect(told).toContain("snapshotEnd");
  });

  test("--watch: asks again, until it is told to end, with code 0", async () => {
    const enter = [`--net=${namespacePath(testbed.management.namespace)}`, "--", process.execPath, command];
    const args = ["hosts", "--watch", "--every-ms", "200", "-o", "json", "--server", cluster.grpcAddress];
    const child = spawn("nsenter", [...enter, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let lines = 0;
    child.stdout.on("data", (text) => {
      lines += String(text).split("\n").length - 1;
      if (lines === 3) child.kill("SIGINT");
    });
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(lines).toBeGreaterThanOrEqual(3);
  });

  test("policy: a rule is set, holds, is recorded, and goes", async () => {
    const rule = ["--host", b1, "--mode", "observe", "--window-max", "50", "--why", "a test of the command"];
    expect(await answer("policy", "set", ...rule)).toContain(`host ${b1}`);
    expect(await answer("policy", "get")).toContain("a test of the command");
    expect(await json("policy", "get", b1, a1)).toMatchObject({
      mode: "MODE_OBSERVE",
      limits: { windowMaxSegments: 50 },
    });
    expect(await answer("policy", "set", "--delete", "--host", b1, "--why", "it is over")).toContain("No rules");
    expect(await answer("policy", "get", "--changes")).toContain("it is over");
  });

  test("export: what each scheduler's own parser takes", async () => {
    const conf = await answer("export", "slurm");
    expect(conf).toMatch(new RegExp(`^SwitchName=a Nodes=${[a1, a2].sort().join(",")}$`, "m"));
    expect(parse(await answer("export", "slurm", "-o", "yaml"))).toMatchObject([{ cluster_default: true }]);
    const resource: unknown = parse(await answer("export", "k8s", "--rack-key", "example.org/rack"));
    expect(networkTopologySchema.safeParse(resource).error).toBeUndefined();
    expect(JSON.stringify(resource)).toContain('"origin":"b","costList":[{"destination":"a","networkCost":');
    const bodies = await json<Readonly<Record<string, { Meta: Record<string, string> }>>>("export", "nomad");
    expect(Number(bodies[b1]?.Meta["augmenter_rtt_us_to_a"])).toBeGreaterThan(0.98 * rttUs);
    expect(await answer("export", "nomad", a1)).toMatch(/^client \{\n {2}meta \{\n/m);
    const nodes = JSON.parse(await answer("export", "consul", a1)) as { Node: string }[];
    expect(nodes.map(({ Node }) => Node)).toEqual([a1, a2, b1]);
  });

  test("docs/examples/place-job.js runs a job where its data arrives first", async () => {
    const script = join(projectRoot(), "docs/examples/place-job.js");
    const enter = [`--net=${namespacePath(testbed.management.namespace)}`, "--", process.execPath, script];
    const place = (...args: readonly string[]) =>
      execFileSync("nsenter", [...enter, ...args], {
        env: { PATH: process.env["PATH"], AUGMENTER_SERVER: cluster.grpcAddress },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
    expect(place(a1, "256KiB", b1, a2)).toBe(`${a2}\n`);
    expect(place(a1, "256KiB", b1, a2, "--", "echo", "runs on", "{host}")).toBe(`runs on ${a2}\n`);
  });

  test("doctor: this host's kernel, and the rack's broker, aggregator and agent", async () => {
    const nats = { AUGMENTER_NATS_URL: cluster.natsUrl };
    const ran = await run(["doctor", "--host-id", b1, "-o", "json"], nats);
    const { checks } = JSON.parse(ran.stdout) as { checks: { name: string; result: string }[] };
    const results = Object.fromEntries(checks.map(({ name, result }) => [name, result]));
    expect(results).toMatchObject({ privileges: "ok", "kernel BTF": "ok", cgroup2: "ok", "kernel program": "ok" });
    expect(results).toMatchObject({ NATS: "ok", aggregator: "ok", reports: "ok", clock: "ok" });
    // The agent's endpoint is on loopback of its own namespace: from here it cannot be reached, which is no fault of it.
    expect(results["agent"]).toBe("warn");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    const without = await run(["doctor"]);
    expect(without).toMatchObject({ code: 3, stderr: "Cannot work here as NATS failed\n" });
    expect(without.stdout).toMatch(/^NATS +fail +Cannot connect to NATS/m);
  });

  test("version, config show and completion need no server", async () => {
    const nobody = { AUGMENTER_SERVER: "127.0.0.1:1" };
    expect((await run(["version"], nobody)).stdout).toMatch(/^augmenter +\d+\.\d+\.\d+$/m);
    expect((await run(["config", "show"], nobody)).stdout).toMatch(
      /^server +127\.0\.0\.1:1 +environment +AUGMENTER_SERVER$/m,
    );
    const script = (await run(["completion", "bash"], nobody)).stdout;
    const complete = (words: string) =>
      execFileSync(
        "bash",
        [
          "-c",
          `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _augmenter; echo "\${COMPREPLY[@]}"`,
        ],
        {
          encoding: "utf8",
        },
      ).trim();
    expect(complete("augmenter ex")).toBe("explain export");
    expect(complete("augmenter policy ''")).toBe("get set");
    expect(complete("augmenter rank a --by")).toBe("--bytes");
  });

  const unknown = /^Cannot find host "nobody-at-all": /;
  test.each([
    [["paths", "--source", "nobody-at-all"], 8, unknown],
    [["paths", "--destination", "10.0.0.0/99"], 2, /^Cannot use --destination as it must be/],
    [["path", "nobody-at-all", "10.0.0.1"], 8, unknown],
    [["path", "a1"], 2, /^Cannot read the command: missing required argument 'destination'$/],
    [["explain", "nobody-at-all", "10.0.0.1"], 8, unknown],
    [["rank", "nobody-at-all", "10.0.0.1"], 8, unknown],
    [["rank", "10.0.0.1"], 2, /missing required argument 'candidate'/],
    [["estimate", "nobody-at-all", "10.0.0.1"], 8, unknown],
    [["estimate", "a", "b", "--bytes", "0"], 2, /^Cannot use --bytes as it must be a size/],
    [
      ["matrix", "--level", "planet"],
      2,
      /^Cannot use --level as it must be one of host, rack, zone: current value is planet$/,
    ],
    [["matrix", "nowhere"], 8, /^Cannot find rack "nowhere": see augmenter hosts$/],
    [["top", "--sort", "beauty"], 2, /^Cannot use --sort as it must be one of/],
    [["watch", "--count", "-1"], 2, /^Cannot use --count as it must be 0\.\./],
    [["watch", "--destination", "no name!"], 8, /^Cannot find host "no name!"/],
    [["hosts", "--limit", "many"], 2, /^Cannot use --limit as it must be 1\.\.100000/],
    [["policy", "get", "nobody-at-all", "10.0.0.1"], 8, unknown],
    [["policy", "set", "--mode", "full", "--why", "x"], 2, /^Cannot use --mode as it must be one of/],
    [["policy", "set", "--delete", "--zone", "none", "--why", "x"], 8, /^Cannot find/],
    [["export", "floppy"], 2, /^Cannot read the command: there is no "export floppy"/],
    [["export", "consul", "nobody-at-all"], 8, unknown],
    [["export", "nomad", "nobody-at-all"], 8, unknown],
    [["doctor", "--host-id", "a b"], 2, /^Cannot use --host-id as it must be/],
    [["config", "shw"], 2, /there is no "config shw"; did you mean show\?$/],
    [["completion", "csh"], 2, /^Cannot use shell as it must be one of bash, zsh, fish/],
    [["version", "--format", "x"], 2, /unknown option '--format'/],
    [["hosts", "--server", "127.0.0.1:1"], 7, /nothing listens there/],
    [["hosts", "--tls"], 7, /it does not speak TLS; leave out --tls and the other --tls options$/],
  ])("wrong input: %j ends with code %d and one line", async (args, code, line) => {
    const ran = await run(args);
    expect({ ...ran, stderr: ran.stderr.trimEnd() }).toEqual({ code, stdout: "", stderr: expect.stringMatching(line) });
    expect(ran.stderr.trimEnd()).not.toContain("\n");
  });

  test("a name that is nearly a host's is told the host", async () => {
    const { code, stderr } = await run(["path", `${b1}x`, a1]);
    expect([code, stderr]).toEqual([8, expect.stringContaining(`did you mean ${b1}`)]);
    expect(existsSync(command)).toBe(true);
  });
});
