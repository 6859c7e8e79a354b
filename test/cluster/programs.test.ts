/** The programs as an operator meets them: their answers, their refusals, and what they leave behind. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exitCodes } from "../../common/exit-codes.ts";
import { canUseKernel } from "../support/privileges.ts";
import type { Ended, ProgramName } from "./program-run.ts";
import {
  closedPort,
  expectNothingInKernel,
  runProgram,
  startBroker,
  takenPort,
  testCgroup,
  testHostId,
} from "./program-run.ts";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
  readonly version: string;
};

const programs: readonly { readonly name: ProgramName; readonly flags: readonly string[] }[] = [
  {
    name: "agent",
    flags: ["nats-url", "host-id", "rack", "zone", "cgroup", "report-interval-ms", "apply", "http-listen"],
  },
  { name: "aggregator", flags: ["nats-url", "grpc-listen", "http-listen", "advice-ttl-ms"] },
  {
    name: "standalone",
    flags: [
      ...["nats-url", "host-id", "cgroup", "apply", "grpc-listen", "http-listen", "agent-http-listen"],
      ...["report-interval-ms", "advice-ttl-ms", "log-level", "json"],
    ],
  },
];

describe.each(programs)("$name", ({ name, flags }) => {
  test("--help lists every option with its environment variable, and ends with code 0", async () => {
    const ended = await runProgram(name, ["--help"]);
    expect(ended).toMatchObject({ code: exitCodes.ok, stderr: "" });
    for (const flag of [...flags, "version", "check-config"]) expect(ended.stdout).toContain(`--${flag}`);
    for (const flag of flags) expect(ended.stdout).toContain(variableOf(flag));
  });

  test("--version prints the version of the package", async () => {
    expect(await runProgram(name, ["--version"])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("--check-config prints every value and where it came from, and starts nothing", async () => {
    const ended = await runProgram(name, ["--check-config", "--nats-url", "nats://me:secret@192.0.2.1"], {
      env: { AUGMENTER_HTTP_LISTEN: "[::1]:1234" },
    });
    expect(ended).toMatchObject({ code: exitCodes.ok, stderr: "" });
    expect(ended.stdout).toContain("nats-url = nats://***@192.0.2.1 (flag)\n");
    expect(ended.stdout).toContain("http-listen = [::1]:1234 (environment)\n");
    expect(ended.stdout).toMatch(/^log-level = \w+ \(default\)$/m);
    for (const flag of flags) expect(ended.stdout).toMatch(new RegExp(`^${flag} = `, "m"));
  });

  test.each([
    { args: ["--nonsense"], line: "Cannot read the options: unknown option '--nonsense'" },
    { args: ["--http-listen"], line: "Cannot read the options: option '--http-listen <value>' argument missing" },
    { args: ["nonsense"], line: /^Cannot read the options: too many arguments/ },
    {
      args: ["--http-listen", "7480"],
      line: "Cannot use --http-listen as it must be an IP address and a port, such as 127.0.0.1:7443 or [::1]:7443: current value is 7480",
    },
    {
      args: ["--nats-url", "http://me:secret@x"],
      line: /^Cannot use --nats-url as it must be .*: current value is http:\/\/\*\*\*@x$/,
    },
    {
      args: ["--log-level=loud"],
      line: "Cannot use --log-level as it must be one of trace, debug, info, warn, error, silent: current value is loud",
    },
  ])("refuses $args with code 2 and one line", async ({ args, line }) => {
    expectEnd(await runProgram(name, args), exitCodes.badConfiguration, line);
  });

  test("refuses a bad value in the environment by its variable's name", async () => {
    const variable = name === "aggregator" ? "AUGMENTER_ADVICE_TTL_MS" : "AUGMENTER_REPORT_INTERVAL_MS";
    const range = name === "aggregator" ? "1000..600000" : "100..60000";
    expectEnd(
      await runProgram(name, [], { env: { [variable]: "5" } }),
      exitCodes.badConfiguration,
      `Cannot use ${variable} as it must be ${range}: current value is 5`,
    );
  });
});

describe("without privileges", () => {
  const prefix = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"] : [];

  test.each(["agent", "standalone"] as const)("%s ends with code 5 before it starts anything", async (name) => {
    expectEnd(
      await runProgram(name, ["--host-id", testHostId()], { prefix }),
      exitCodes.insufficientPrivileges,
      "Cannot load BPF programs without CAP_BPF and CAP_NET_ADMIN: run as root, or grant them to the service",
    );
  });
});

describe("aggregator without what it needs", () => {
  test("ends with code 3 where no broker answers within --nats-wait-ms", async () => {
    const url = `nats://127.0.0.1:${await closedPort()}`;
    const args = ["--nats-url", url, "--nats-wait-ms", "300", ...anyPorts("aggregator")];
    expectEnd(
      await runProgram("aggregator", args),
      exitCodes.brokerUnreachable,
      new RegExp(`^Cannot connect to NATS at ${url}: .*CONNECTION_REFUSED`),
    );
  });

  test.skipIf(!canUseKernel).each(["grpc", "http"])("ends with code 4 where --%s-listen is taken", async (kind) => {
    const taken = `127.0.0.1:${await takenPort()}`;
    const args = ["--nats-url", await startBroker(), ...anyPorts("aggregator"), `--${kind}-listen`, taken];
    expectEnd(
      await runProgram("aggregator", args),
      exitCodes.portInUse,
      `Cannot listen on ${kind} address ${taken}: EADDRINUSE`,
    );
  });
});

describe.skipIf(!canUseKernel).each(["agent", "standalone"] as const)("%s without what it needs", (name) => {
  test("ends with code 3 where no broker answers", async () => {
    const url = `nats://127.0.0.1:${await closedPort()}`;
    const { hostId, cgroup, args } = ownPlace(name);
    expectEnd(
      await runProgram(name, [...args, "--nats-url", url]),
      exitCodes.brokerUnreachable,
      new RegExp(`Cannot connect to NATS at ${url}: .*CONNECTION_REFUSED`),
    );
    expectNothingInKernel(hostId, cgroup);
  });

  test("ends with code 4 where an address is taken", async () => {
    const taken = `127.0.0.1:${await takenPort()}`;
    const { hostId, cgroup, args } = ownPlace(name);
    const what = name === "agent" ? "http address" : "--http-listen";
    expectEnd(
      await runProgram(name, [...args, "--nats-url", await startBroker(), "--http-listen", taken]),
      exitCodes.portInUse,
      `Cannot listen on ${what} ${taken}: EADDRINUSE`,
    );
    expectNothingInKernel(hostId, cgroup);
  });

  test("ends with code 2 where the cgroup is none", async () => {
    const { hostId, cgroup, args } = ownPlace(name);
    const wrong = `${cgroup}/nowhere`;
    const ended = await runProgram(name, [...args, "--nats-url", await startBroker(), "--cgroup", wrong]);
    expectEnd(
      ended,
      exitCodes.badConfiguration,
      new RegExp(`Cannot use --cgroup as it must be a cgroup2 directory below \\S+: current value is ${wrong}$`),
    );
    expectNothingInKernel(hostId, cgroup);
  });
});

describe.skipIf(!canUseKernel)("standalone with more than it can have", () => {
  test.each(["grpc-listen", "agent-http-listen"])("ends with code 4 where --%s is taken", async (flag) => {
    const taken = `127.0.0.1:${await takenPort()}`;
    const { hostId, cgroup, args } = ownPlace("standalone");
    expectEnd(
      await runProgram("standalone", [...args, `--${flag}`, taken]),
      exitCodes.portInUse,
      `Cannot listen on --${flag} ${taken}: EADDRINUSE`,
    );
    expectNothingInKernel(hostId, cgroup);
  });

  test("ends with code 2 where the log file cannot be written", async () => {
    const { args } = ownPlace("standalone");
    expectEnd(
      await runProgram("standalone", [...args, "--log-file", "/proc/nowhere/log"]),
      exitCodes.badConfiguration,
      'Cannot write --log-file "/proc/nowhere/log": ENOENT',
    );
  });
});

/** A host id and a cgroup that only this test uses, and no port that another could have. */
function ownPlace(name: ProgramName) {
  const hostId = testHostId();
  const cgroup = testCgroup();
  const args = ["--host-id", hostId, "--cgroup", cgroup, "--log-level", "warn", ...anyPorts(name)];
  return { hostId, cgroup, args };
}

function anyPorts(name: ProgramName): string[] {
  const flags = {
    agent: ["http-listen"],
    aggregator: ["grpc-listen", "http-listen"],
    standalone: ["grpc-listen", "http-listen", "agent-http-listen"],
  }[name];
  return flags.flatMap((flag) => [`--${flag}`, "127.0.0.1:0"]);
}

function expectEnd(ended: Ended, code: number, line: string | RegExp): void {
  const lines = ended.stderr.trimEnd().split("\n");
  expect(lines, ended.stderr).toHaveLength(1);
  if (typeof line === "string") expect(lines[0]).toBe(line);
  else expect(lines[0]).toMatch(line);
  expect(ended).toMatchObject({ code, signal: null });
}

function variableOf(flag: string): string {
  return `AUGMENTER_${flag.toUpperCase().replaceAll("-", "_")}`;
}
