import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { verbs } from "../../../cli/verbs/verbs.ts";
import { packageVersion } from "../../../common/package-version.ts";
import type { Ran } from "./played-server.ts";
import { playedServer, run, silence } from "./played-server.ts";

const path = {
  path: { source: "a1", destination: "10.0.0.2" },
  provenance: "PROVENANCE_MEASURED",
  confidence: 0.87,
  minRttUs: 20_000,
  rateBytesPerSecond: 25_000_000,
  destinationHost: "b1",
};
const hosts = { hosts: ["a1", "a2", "b1"].map((hostId) => ({ hostId, mode: "MODE_APPLY" })) };
const notFound = () => {
  throw { code: status.NOT_FOUND, details: "Cannot find a path" };
};

function expectEnd(ran: Ran, code: number, line: string | RegExp): void {
  expect({ ...ran, stderr: ran.stderr.trimEnd() }).toEqual({ code, stdout: "", stderr: expect.stringMatching(line) });
  expect(ran.stderr.trimEnd()).not.toContain("\n");
}

function tokenFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "augmenter-token-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "token"), "s3cret\n");
  return join(folder, "token");
}

describe("runCommand()", () => {
  test("prints an answer as table, wide table, JSON and YAML", async () => {
    const server = ["--server", await playedServer({ ListPaths: () => ({ paths: [path] }) })];
    const table = await run(["paths", ...server]);
    expect(table.stdout.split("\n")[0]).toMatch(/^source +destination +host +RTT min/);
    expect(table.stdout.split("\n")[1]).toMatch(/^a1 +10\.0\.0\.2 +b1 +20\.0 ms +- +200 Mbit\/s/);
    expect((await run(["paths", ...server, "-o", "wide"])).stdout).toContain("measured");
    expect(JSON.parse((await run(["-o", "json", "paths", ...server])).stdout)).toMatchObject({ paths: [path] });
    expect(parse((await run(["paths", "--output=yaml", ...server])).stdout)).toMatchObject({ paths: [path] });
  });

  test("follows pages up to --limit, and says that there are more", async () => {
    const ListPaths = ({ pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string }) => ({
      paths: Array.from({ length: Math.min(pageSize, 700) }, () => path),
      nextPageToken: `${pageToken}x`,
    });
    const server = await playedServer({ ListPaths });
    const { stdout } = await run(["paths", "--server", server, "--limit", "1500"]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1_502);
    expect(stdout).toContain("and more: raise --limit, now 1500");
  });

  test("tells changes of the policy up to --limit, and says that there are more", async () => {
    const ListPolicyChanges = ({ pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string }) => ({
      changes: Array.from({ length: Math.min(pageSize, 70) }, () => ({ revision: 7 })),
      nextPageToken: pageToken === "xx" ? "" : `${pageToken}x`,
    });
    const asked = ["policy", "get", "--changes", "--server", await playedServer({ ListPolicyChanges })];
    const { stdout } = await run(asked);
    expect(stdout.trimEnd().split("\n")).toHaveLength(102);
    expect(stdout).toContain("and more: raise --limit, now 100");
    const all = (await run([...asked, "--limit", "1000"])).stdout;
    expect(all.trimEnd().split("\n")).toHaveLength(211);
    expect(all).not.toContain("and more");
  });

  test("tells all rules of the policy, over its pages and anew where it changed on the way", async () => {
    let asked = 0;
    const GetPolicy = ({ pageToken }: { readonly pageToken: string }) => {
      asked += 1;
      if (asked === 2) throw { code: status.ABORTED, details: "Cannot tell the rest of revision 1" };
      const rules = Array.from({ length: 30 }, (_, index) => ({ scope: { host: `h${index}${pageToken}` } }));
      return { revision: 2, rules, nextPageToken: pageToken === "xx" ? "" : `${pageToken}x` };
    };
    const ran = await run(["policy", "get", "-o", "json", "--server", await playedServer({ GetPolicy })]);
    expect({ code: ran.code, asked }).toEqual({ code: 0, asked: 5 });
    expect((JSON.parse(ran.stdout) as { rules: unknown[] }).rules).toHaveLength(90);
  });

  test("ranks the source itself by a time of nothing, and says what it is", async () => {
    const path = { source: "a", destination: "10.0.0.2" };
    const estimates = [{ p50Us: 0 }, { path, p50Us: 5_000, provenance: "PROVENANCE_MEASURED" }];
    const RankDestinations = () => ({
      destinations: estimates.map((estimate, index) => ({ candidate: `h${index}`, index, estimate })),
    });
    const { stdout } = await run(["rank", "h0", "h0", "h1", "--server", await playedServer({ RankDestinations })]);
    expect(stdout).toMatch(/^1 +h0 +0 us +0 us +- +the source\s*$/m);
    expect(stdout).toMatch(/^2 +h1 +5\.00 ms .* measured\s*$/m);
  });

  test("says of a transfer to the source itself that it goes over no path", async () => {
    const server = await playedServer({ EstimateTransfer: () => ({ p50Us: 0 }) });
    const { stdout } = await run(["estimate", "n1", "n1", "--server", server]);
    expect(stdout).toMatch(/^path +none: the destination is the source itself$/m);
    expect(stdout).not.toMatch(/unknown|bit\/s|->/);
  });

  test("colours only on a terminal without NO_COLOR", async () => {
    const server = ["paths", "--server", await playedServer({ ListPaths: () => ({ paths: [path] }) })];
    expect((await run(server, { isTTY: true })).stdout).toContain("\u001b[");
    expect((await run(server, { isTTY: true, environment: { NO_COLOR: "1" } })).stdout).not.toContain("\u001b[");
    expect((await run(server, { isTTY: true, environment: { TERM: "dumb" } })).stdout).not.toContain("\u001b[");
    expect((await run(server)).stdout).not.toContain("\u001b[");
  });

  test("says which partitions to ask where an answer is of others' measurements", async () => {
    const measuredElsewhere = ["3/4"];
    const estimate = { path: { source: "a1", destination: "10.0.0.2" }, measuredElsewhere };
    const answers = {
      GetPath: () => ({ ...path, measuredElsewhere }),
      ListPaths: () => ({ paths: [path], measuredElsewhere: ["2/4", "3/4"] }),
      ExplainAdvice: () => ({ path, measuredElsewhere }),
      EstimateTransfer: () => estimate,
      RankDestinations: () => ({ destinations: [{ candidate: "b1", estimate }], measuredElsewhere }),
      GetMatrix: () => ({ sources: [], destinations: [], measuredElsewhere }),
    };
    const server = ["--server", await playedServer(answers)];
    for (const argv of [
      ["path", "a1", "b1"],
      ["explain", "a1", "b1"],
      ["estimate", "a1", "b1"],
      ["rank", "a1", "b1"],
      ["matrix"],
    ]) {
      const { stdout } = await run([...argv, ...server]);
      expect(stdout, argv[0]).toMatch(/measured elsewhere, .*: ask an aggregator of partition 3\/4 \(--server\)\n$/);
    }
    expect((await run(["paths", ...server])).stdout).toMatch(/ask an aggregator of partitions 2\/4, 3\/4 /);
    for (const verb of ["path", "explain"]) {
      const { stdout } = await run([verb, "a1", "b1", ...server]);
      expect(stdout).toContain("Known to partition 3/4.");
      expect(stdout).not.toContain("the kernel's default window");
    }
  });

  test("names hosts near to one that nobody knows", async () => {
    const answers = { GetPath: notFound, EstimateTransfer: notFound, ListPaths: () => ({}), ListHosts: () => hosts };
    const server = [
      "--server",
      await playedServer({ ...answers, RankDestinations: () => ({ destinations: [{ candidate: "x" }] }) }),
    ];
    expectEnd(await run(["path", "a1", "b2", ...server]), 8, /^Cannot find host "b2": did you mean a2 or b1\?$/);
    expectEnd(await run(["estimate", "aa1", "b1", ...server]), 8, /did you mean a1\?$/);
    expectEnd(await run(["rank", "a1", "zebra", ...server]), 8, /^Cannot find host "zebra": see augmenter hosts$/);
    expectEnd(await run(["paths", "--source", "a11", ...server]), 8, /did you mean a1\?$/);
    // Both hosts are known, but not the path between them.
    expectEnd(await run(["path", "a1", "b1", ...server]), 8, "Cannot find a path");
    expect(await run(["paths", "--source", "a1", ...server])).toMatchObject({ code: 0, stdout: "No paths.\n" });
  });

  test.each([
    [["pths"], /^Cannot read the command: there is no "pths"; did you mean paths\?$/],
    [["policy"], /^Cannot read the command: it ends behind "policy"; one of get, set$/],
    [["policy", "gte"], /there is no "policy gte"; did you mean get\?$/],
    [["help", "pths"], /^Cannot read the command: there is no "pths"; did you mean paths\?$/],
    [["help", "foo"], /^Cannot read the command: there is no "foo"; see augmenter --help$/],
    [["help", "policy", "gte"], /there is no "policy gte"; did you mean get\?$/],
    [
      ["policy", "set", "--why", "x", "--mode", "on"],
      /must be one of off, observe, apply, or empty: current value is on$/,
    ],
    [["path", "a1"], /missing required argument 'destination'/],
    [["path", "a", "b", "c"], /too many arguments/],
    [["paths", "--limt", "3"], /unknown option '--limt'; did you mean --limit\?/],
    [["paths", "--limit", "0"], /^Cannot use --limit as it must be 1\.\.100000: current value is 0$/],
    [["rank", "a", "b", "--bytes", "lots"], /^Cannot use --bytes as it must be a size such as/],
    [
      ["paths", "-o", "xml"],
      /^Cannot use --output as it must be one of table, wide, json, yaml: current value is xml$/,
    ],
    [["paths", "--server", "nowhere"], /^Cannot use --server as it must be host:port/],
    [["paths", "--tls-ca", "/nonexistent/ca.pem"], /^Cannot read \/nonexistent\/ca\.pem: ENOENT$/],
    [["paths", "--tls-ca", "/dev/null"], /^Cannot use --tls-ca \/dev\/null as it must hold certificates in PEM$/],
    [["paths", "--tls-cert", "/dev/null"], /^Cannot use a client certificate without --tls-key$/],
    [["paths", "--token-file", "/dev/null"], /^Cannot use the token in \/dev\/null as it must be one line/],
    [
      ["paths", "--config", "/nonexistent/x.yaml"],
      /^Cannot use the configuration file \/nonexistent\/x\.yaml: ENOENT$/,
    ],
    [["completion", "csh"], /^Cannot use shell as it must be one of bash, zsh, fish: current value is csh$/],
    [["completion"], /missing required argument 'bash\|zsh\|fish'$/],
    ...[
      ["--rate-max", "500kbit/s"],
      ["--rate-max", "101Gbit/s"],
      ["--pin-rate", "500kbit/s"],
    ].map((rate): [string[], RegExp] => [
      ["policy", "set", "--why", "x", "--everywhere", ...rate],
      /^Cannot use --(rate-max|pin-rate) as it must be 1\.00 Mbit\/s\.\.100 Gbit\/s: current value is \d+[kG]bit\/s$/,
    ]),
    [["policy", "get", "a1"], /^Cannot tell the policy of a source alone/],
    [["policy", "set", "--mode", "off"], /^Cannot set the policy without --why/],
    [
      ["policy", "set", "--why", "x", "--mode", "off"],
      /^Cannot change the policy without a scope: give --zone, --rack, --host or --prefix, or --everywhere$/,
    ],
    [["policy", "set", "--why", "x", "--delete"], /^Cannot change the policy without a scope/],
    [["policy", "set", "--why", "x", "--everywhere", "--zone", "z"], /^Cannot use --everywhere beside/],
    [["policy", "set", "--why", "x", "--everywhere"], /^Cannot set a rule that says nothing/],
    [["policy", "set", "--why", "x", "--mode", "off", "--watch"], /unknown option '--watch'/],
    [["policy", "set", "--why", "x", "--mode", "off", "--every-ms", "100"], /unknown option '--every-ms'/],
    [
      ["policy", "set", "--why", "x", "--zone", "z", "--rack", "r", "--exclude"],
      /more than one of --zone, --rack and --host/,
    ],
    [["policy", "set", "--why", "x", "--everywhere", "--pin-window", "9"], /^Cannot pin without both/],
    ...[["--mode", "off"], ["--exclude"], ["--pin-rate", "1Mbit/s"], ["--confidence-min", "50"]].map(
      (more): [string[], RegExp] => [
        ["policy", "set", "--why", "x", "--zone", "z", "--delete", ...more],
        /^Cannot use --delete beside --mode, --exclude, a pin or a limit/,
      ],
    ),
    [["export", "k8s", "--kube-api", "http://127.0.0.1:8001"], /^Cannot use --kube-api without --apply/],
    [["export", "k8s", "--apply"], /^Cannot find the Kubernetes API outside of a pod/],
    [["export", "k8s", "--apply", "--kube-api", "bogus"], /^Cannot use --kube-api as it must be a URL such as/],
    [["export", "k8s", "--apply", "--kube-api", "ftp://x/"], /current value is ftp:\/\/x\/$/],
    [["export", "k8s", "--zone-key", ""], /^Cannot export no costs at all: give --zone-key or --rack-key$/],
    [["policy", "get", "a1", "b1", "--changes"], /^Cannot use --changes beside a path/],
    [["export", "k8s", "--name", "A B"], /^Cannot use --name as it must be/],
  ])("refuses %j with code 2 and one line", async (argv, line) => {
    expectEnd(await run(argv), 2, line);
  });

  test("says what a server is that cannot be reached, and by which setting", async () => {
    const gone = await playedServer({});
    expectEnd(
      await run(["hosts", "--server", "127.0.0.1:1"]),
      7,
      /127\.0\.0\.1:1: nothing listens there; start augmenter-aggregator/,
    );
    expectEnd(
      await run(["hosts", "--server", "host.invalid:7443"]),
      7,
      /host\.invalid:7443: its name cannot be resolved/,
    );
    expectEnd(await run(["hosts", "--server", gone]), 7, /does not know this call/);
  });

  test("keeps a rule for a place that nobody knows, and says which was meant perhaps", async () => {
    const policy = { rules: [], revision: 1, durable: true };
    const server = await playedServer({ ListHosts: () => hosts, SetPolicyRule: () => policy });
    const [known] = hosts.hosts;
    const set = (host: string) =>
      run(["policy", "set", "--host", host, "--mode", "off", "--why", "x", "--server", server]);
    const unknown = await set(`${known?.hostId}x`);
    expect(unknown.code).toBe(0);
    expect(unknown.stderr).toContain(
      `warning: the rule is kept, but nobody knows host "${known?.hostId}x": did you mean ${known?.hostId}`,
    );
    expect((await set(known?.hostId ?? "")).stderr).toBe("");
  });

  test("gives up at --timeout-ms", async () => {
    const server = await playedServer({ ListHosts: () => silence });
    const line = `Cannot get an answer from ${server} within 100 ms: check --server, or wait longer with --timeout-ms`;
    expectEnd(await run(["hosts", "--server", server, "--timeout-ms", "100"]), 7, line);
  });

  test("shows the token of its file to nobody far away without TLS", async () => {
    const asked = ["hosts", "--token-file", tokenFile(), "--server", "192.0.2.1:7443"];
    const line = /^Cannot show the token in \S+ to 192\.0\.2\.1:7443 without TLS as .*: add --tls$/;
    expectEnd(await run(asked), 2, line);
  });

  test("shows the token of its file", async () => {
    const token = tokenFile();
    const seen: (string | undefined)[] = [];
    const ListHosts = (_: never, metadata: ReadonlyMap<string, string>) => {
      seen.push(metadata.get("authorization"));
      throw { code: status.UNAUTHENTICATED, details: "Cannot take this token" };
    };
    const server = ["hosts", "--server", await playedServer({ ListHosts })];
    expectEnd(await run([...server, "--token-file", token]), 9, /refused: Cannot take this token; show a token/);
    await run(server);
    expect(seen).toEqual(["Bearer s3cret", undefined]);
  });

  test("takes settings from flags, environment, file and defaults, in this order", async () => {
    const home = mkdtempSync(join(tmpdir(), "augmenter-home-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    mkdirSync(join(home, ".config", "augmenter"), { recursive: true });
    writeFileSync(join(home, ".config", "augmenter", "config.yaml"), "server: file:1\ntimeout-ms: 700\noutput: wide\n");
    const environment = { AUGMENTER_SERVER: "variable:2", AUGMENTER_TIMEOUT_MS: "800" };
    const { stdout } = await run(["config", "show", "--server", "flag:3", "-o", "json"], { home, environment });
    const { settings, exists } = JSON.parse(stdout) as {
      settings: { name: string; value: string; origin: string }[];
      exists: boolean;
    };
    const told = settings.map(({ name, value, origin }) => [name, value, origin]);
    expect(exists).toBe(true);
    expect(told).toContainEqual(["server", "flag:3", "flag"]);
    expect(told).toContainEqual(["timeout-ms", "800", "environment"]);
    expect(told).toContainEqual(["output", "json", "flag"]);
    expect(told).toContainEqual(["tls", "false", "default"]);
    expect((await run(["config", "show"], { home })).stdout).toMatch(/^server +file:1 +file +AUGMENTER_SERVER$/m);
  });

  test("prints help and version", async () => {
    expect((await run(["--version"])).stdout).toBe(`${packageVersion()}\n`);
    const help = (await run([])).stdout;
    for (const { name } of verbs) expect(help).toContain(name.split(" ")[0]);
    expect((await run(["help"])).stdout).toBe(help);
    expect(help).toMatch(/^ {2}policy +one of get, set$/m);
    expect((await run(["policy", "--help"])).stdout).not.toContain("augmenter policy --help");
    expect((await run(["help", "policy", "set"])).stdout).toBe(
      (await run(["policy", "set", "--help"])).stdout.split("\nServer,")[0],
    );
    for (const { name, options } of verbs) {
      const { code, stdout } = await run([...name.split(" "), "--help"]);
      expect(code).toBe(0);
      for (const option of Object.keys(options)) expect(stdout).toContain(`--${option}`);
    }
  });

  test("asks again and again with --watch, over an absent server, until it is interrupted", async () => {
    const ending = new AbortController();
    let calls = 0;
    const ListHosts = () => {
      calls += 1;
      if (calls === 2) throw { code: status.UNAVAILABLE, details: "Cannot answer as the server is ending" };
      if (calls === 4) ending.abort();
      return hosts;
    };
    const argv = ["hosts", "--watch", "--every-ms", "100", "-o", "json", "--server", await playedServer({ ListHosts })];
    const { code, stdout, stderr } = await run(argv, { signal: ending.signal });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "no answer; asking again\n" });
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as typeof hosts).hosts.length),
    ).toEqual([3, 3, 3]);
  });
});

describe("watch and top", () => {
  const updates = [
    { snapshotBegin: {} },
    { estimate: path },
    { snapshotEnd: { paths: 1 }, version: { epoch: 1, number: 1 } },
  ];

  test("watch prints a line a change, and ends after --count", async () => {
    const server = await playedServer({ ListPaths: () => ({ paths: [path] }) }, { WatchPaths: updates });
    const { code, stdout } = await run(["watch", "--server", server, "--count", "1"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^\S+ what was told before is outdated\n\S+ a1 -> 10\.0\.0\.2 RTT 20\.0 ms rate 200 Mbit\/s window kernel's\n$/,
    );
    const json = await run(["watch", "--server", server, "--count", "1", "-o", "json"]);
    expect(
      json.stdout
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { change: string }).change),
    ).toEqual(["snapshotBegin", "estimate"]);
  });

  test("top draws the state --count times", async () => {
    const server = await playedServer({ ListPaths: () => ({ paths: [path] }) }, { WatchPaths: updates });
    const { code, stdout } = await run(["top", "--server", server, "--count", "2", "--every-ms", "100", "-o", "json"]);
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ paths: [path] }, { paths: [path] }]);
  });

  test("end where they are to show a host that nobody knows", async () => {
    const answers = { ListHosts: () => hosts, ListPaths: () => ({ paths: [path] }) };
    const server = await playedServer(answers, { WatchPaths: updates });
    for (const verb of ["watch", "top"]) {
      expectEnd(
        await run([verb, "--source", "a11", "--server", server]),
        8,
        /^Cannot find host "a11": did you mean a1\?$/,
      );
      expectEnd(await run([verb, "--destination", "nope", "--server", server]), 8, /see augmenter hosts$/);
      const prefix = [verb, "--source", "a1", "--destination", "10.0.0.0/8", "--count", "1", "--server", server];
      expect(await run(prefix)).toMatchObject({ code: 0 });
    }
  });

  test("say so where there is no server", async () => {
    for (const verb of ["watch", "top"]) {
      expectEnd(await run([verb, "--server", "127.0.0.1:1"]), 7, /nothing listens there/);
    }
  });
});
