import { status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { playedServer, run } from "../played-server.ts";

interface MatrixRequest {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
}

/** Answers as the aggregator does, with its limit of cells; every pair is 20 ms apart. */
function matrixOf(asked: MatrixRequest[]) {
  return ({ sources, destinations }: MatrixRequest) => {
    asked.push({ sources, destinations });
    const count = sources.length * destinations.length;
    if (count === 0 || count > 65_536) throw { code: status.INVALID_ARGUMENT, details: `${count} cells` };
    const all = (value: number) => Array.from({ length: count }, () => value);
    return { sources, destinations, provenance: all(1), minRttUs: all(20_000) };
  };
}

const many = Array.from({ length: 300 }, (_, at) => ({ hostId: `h${at}`, rack: `r${at}`, zone: "z" }));

describe("of more racks than one matrix holds", () => {
  test("export nomad asks for the row of the one host", async () => {
    const asked: MatrixRequest[] = [];
    const server = await playedServer({ GetMatrix: matrixOf(asked), ListHosts: () => ({ hosts: many }) });
    const { code, stdout } = await run(["export", "nomad", "h1", "-o", "json", "--server", server]);
    expect(code).toBe(0);
    expect(asked.map(({ sources }) => sources)).toEqual([["z/r1"]]);
    const nodes = JSON.parse(stdout) as Record<string, { Meta: Record<string, string> }>;
    expect(Object.keys(nodes)).toEqual(["h1"]);
    expect(nodes["h1"]?.Meta["augmenter_rtt_us_to_z_r299"]).toBe("20000");
  });

  test.each([[["nomad"]], [["k8s", "--rack-key", "rack"]]])("export %j asks in slices", async (argv) => {
    const asked: MatrixRequest[] = [];
    const server = await playedServer({ GetMatrix: matrixOf(asked), ListHosts: () => ({ hosts: many }) });
    const { code, stdout } = await run(["export", ...argv, "--server", server]);
    expect(code).toBe(0);
    const racks = asked.filter(({ destinations }) => destinations.length === 300);
    expect(racks.map(({ sources }) => sources.length)).toEqual([218, 82]);
    expect(stdout).toContain("r299");
  });
});

test.each([[["k8s"]], [["k8s", "--rack-key", "rack"]], [["nomad"]], [["consul", "h1"]]])(
  "export %j says on stderr which partitions measured other pairs",
  async (argv) => {
    const GetMatrix = (asked: MatrixRequest) => ({ ...matrixOf([])(asked), measuredElsewhere: ["1/2"] });
    const ListHosts = () => ({ hosts: many.slice(0, 3) });
    const server = await playedServer({ GetMatrix, ListHosts });
    const { code, stdout, stderr } = await run(["export", ...argv, "--server", server]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^measured elsewhere, .*: ask an aggregator of partition 1\/2 \(--server\)\n$/);
    expect(stdout).not.toContain("elsewhere");
  },
);

describe("hosts named by an address", () => {
  const two = ["1", "2"].map((at) => ({ hostId: `n${at}`, rack: `r${at}`, addresses: [`10.1.0.${at}`] }));

  test("are those that have it", async () => {
    const server = ["--server", await playedServer({ GetMatrix: matrixOf([]), ListHosts: () => ({ hosts: two }) })];
    expect((await run(["export", "nomad", "10.1.0.2", ...server])).stdout).toMatch(/^# n2\n/);
    const nodes = JSON.parse((await run(["export", "consul", "10.1.0.2", ...server])).stdout) as { Node: string }[];
    expect(nodes.map(({ Node }) => Node)).toEqual(["n2", "n1"]);
  });

  test.each(["nomad", "consul"])("export %s refuses one that nobody has", async (verb) => {
    const server = await playedServer({ GetMatrix: matrixOf([]), ListHosts: () => ({ hosts: two }) });
    const { code, stdout, stderr } = await run(["export", verb, "10.1.0.9", "--server", server]);
    expect({ code, stdout }).toEqual({ code: 8, stdout: "" });
    expect(stderr).toBe('Cannot find host "10.1.0.9": did you mean 10.1.0.1 or 10.1.0.2?\n');
  });
});
