import { Metadata, status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { statusDetails, statusDetailsKey } from "../../../../proto/status-details.ts";
import { playedServer, run } from "../played-server.ts";

const all = [
  { hostId: "n1", rack: "a", zone: "z1", addresses: ["10.1.0.1"] },
  { hostId: "n2", rack: "a", zone: "z2", addresses: ["10.1.0.2"] },
  { hostId: "n3", rack: "b", zone: "z1", addresses: ["10.1.0.3"] },
];

interface HostsRequest {
  readonly filter: { readonly rack: string; readonly zone: string } | null;
}

/** Filters labels exactly, as the aggregator does. */
const ListHosts = ({ filter }: HostsRequest) => ({
  hosts: all.filter(
    ({ rack, zone }) => [rack, ""].includes(filter?.rack ?? "") && [zone, ""].includes(filter?.zone ?? ""),
  ),
});

interface MatrixRequest {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
}

describe("hosts", () => {
  test.each([
    [
      ["--rack", "a"],
      ["n1", "n2"],
    ],
    [["--rack", "z1/a"], ["n1"]],
    [["--rack", "z1/a", "--zone", "z1"], ["n1"]],
    [["--rack", "z1/a", "--zone", "z2"], []],
    [["--rack", "b", "--zone", "z2"], []],
    [["--zone", "z2"], ["n2"]],
  ])("%j are %j", async (argv, expected) => {
    const server = await playedServer({ ListHosts });
    const { stdout } = await run(["hosts", ...argv, "-o", "json", "--server", server]);
    expect((JSON.parse(stdout) as { hosts: { hostId: string }[] }).hosts.map(({ hostId }) => hostId)).toEqual(expected);
  });

  test("tells a rack and a zone that have no host in common from a cluster without hosts", async () => {
    const apart = await run(["hosts", "--rack", "b", "--zone", "z2", "--server", await playedServer({ ListHosts })]);
    expect(apart).toMatchObject({ code: 0, stdout: "No hosts: none is of both this rack and this zone.\n" });
    const none = await run(["hosts", "--server", await playedServer({ ListHosts: () => ({}) })]);
    expect(none).toMatchObject({ code: 0, stdout: "No hosts: no agent has been heard of.\n" });
  });

  test("tell what was wrong with what a host said, and in the wide form why", async () => {
    const reasons = [
      { reason: "mss_out_of_range", count: 1 },
      { reason: "rtt_out_of_range", count: 4 },
    ];
    const troubles = [
      { kind: "moved", count: 2 },
      { kind: "row_refused", count: 5, reasons },
    ];
    const server = await playedServer({ ListHosts: () => ({ hosts: [{ ...all[0], troubles }] }) });
    const table = await run(["hosts", "--server", server]);
    expect(table.stdout).toContain("row_refused 5, moved 2");
    expect(table.stdout).not.toContain("out_of_range");
    const wide = await run(["hosts", "-o", "wide", "--server", server]);
    expect(wide.stdout).toContain("rtt_out_of_range 4, mss_out_of_range 1");
    const json = await run(["hosts", "-o", "json", "--server", server]);
    const { hosts } = JSON.parse(json.stdout) as { hosts: readonly { troubles: unknown }[] };
    expect(hosts[0]?.troubles).toMatchObject([{ kind: "moved" }, { kind: "row_refused", reasons }]);
  });

  test("tell what is wrong with the cluster as a whole", async () => {
    const warnings = ["nobody leads the hosts of partition 3/4"];
    const server = await playedServer({ ListHosts: () => ({ hosts: all, warnings }) });
    const { stdout, stderr } = await run(["hosts", "--server", server]);
    expect(stdout + stderr).toContain("Warning: nobody leads the hosts of partition 3/4");
    const json = await run(["hosts", "-o", "json", "--server", server]);
    expect(JSON.parse(json.stdout)).toMatchObject({ warnings });
  });

  test.each([
    [["--rack", "z1/c"], 'Cannot find rack "z1/c": did you mean z1/a or z1/b?\n'],
    [["--rack", "nope"], 'Cannot find rack "nope": see augmenter hosts\n'],
    [["--zone", "z3"], 'Cannot find zone "z3": did you mean z1 or z2?\n'],
  ])("%j name nothing", async (argv, line) => {
    const server = await playedServer({ ListHosts });
    expect(await run(["hosts", ...argv, "--server", server])).toEqual({ code: 8, stdout: "", stderr: line });
  });
});

describe("matrix", () => {
  const GetMatrix = ({ sources, destinations }: MatrixRequest) => ({ sources, destinations });
  const sourcesOf = async (...argv: readonly string[]) => {
    const server = await playedServer({ ListHosts, GetMatrix });
    const { stdout, stderr } = await run(["matrix", ...argv, "-o", "json", "--server", server]);
    return stderr === "" ? (JSON.parse(stdout) as MatrixRequest).sources : stderr;
  };

  test("takes hosts by their addresses, and racks by their labels", async () => {
    expect(await sourcesOf("--level", "host", "n1", "10.1.0.2")).toEqual(["n1", "n2"]);
    expect(await sourcesOf("a")).toEqual(["z1/a", "z2/a"]);
    expect(await sourcesOf("z1/b")).toEqual(["z1/b"]);
    expect(await sourcesOf("--level", "host", "10.9.9.9")).toBe('Cannot find host "10.9.9.9": see augmenter hosts\n');
  });
});

describe("matrix", () => {
  const refused = (request: MatrixRequest) => {
    const field = request.sources.length > 0 ? "destinations" : "sources";
    const description = `Cannot use ${field} as it must be so few names that`;
    const metadata = new Metadata();
    metadata.set(statusDetailsKey, statusDetails(status.INVALID_ARGUMENT, description, [{ field, description }]));
    throw { code: status.INVALID_ARGUMENT, details: description, metadata };
  };

  test.each([
    ["host", ", or take --level rack or --level zone"],
    ["rack", ", or take --level zone"],
    ["zone", ""],
  ])("of too many %ss says in one line what to type instead", async (level, coarser) => {
    const server = await playedServer({ GetMatrix: refused });
    const ran = await run(["matrix", "--level", level, "--server", server]);
    expect(ran).toEqual({
      code: 2,
      stdout: "",
      stderr: `Cannot tell a matrix of more than 65536 pairs of ${level}s: name some, as in augmenter matrix --level ${level} A B${coarser}\n`,
    });
  });

  test("of more names than fit is refused before it is asked for", async () => {
    const many = Array.from({ length: 257 }, (_, index) => ({ hostId: `m${index}` }));
    const server = await playedServer({ ListHosts: () => ({ hosts: many }) });
    const ran = await run(["matrix", "--level", "host", ...many.map(({ hostId }) => hostId), "--server", server]);
    expect(ran).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^Cannot tell a matrix of more/) });
  });
});
