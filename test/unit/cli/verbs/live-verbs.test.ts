import { expect, test } from "vitest";
import { playedServer, run } from "../played-server.ts";

const path = { path: { source: "a1", destination: "10.0.0.2" }, minRttUs: 20_000 };
const hosts = { hosts: [{ hostId: "a1" }] };
const updates = [
  { snapshotBegin: {} },
  { estimate: path },
  { snapshotEnd: { paths: 1 }, version: { epoch: 1, number: 1 } },
];

test("watch and top say which partitions have other paths: on stderr, and on a terminal below the table", async () => {
  const asked: object[] = [];
  const ListPaths = ({ filter }: { filter: object }) => {
    asked.push(filter);
    return { paths: [path], measuredElsewhere: ["2/2"] };
  };
  const server = await playedServer({ ListHosts: () => hosts, ListPaths }, { WatchPaths: updates });
  for (const verb of ["watch", "top"]) {
    const argv = [verb, "--source", "a1", "--server", server, "--count", "1"];
    const { stdout, stderr } = await run([...argv, "-o", "json"]);
    expect(stderr).toMatch(/^measured elsewhere, .*: ask an aggregator of partition 2\/2 \(--server\)\n$/);
    expect(stdout).not.toContain("elsewhere");
  }
  const drawn = await run(["top", "--server", server, "--count", "1"], { isTTY: true });
  expect(drawn.stdout).toMatch(/measured elsewhere, .*ask an aggregator/);
  expect(asked).toEqual([
    { source: "a1", destination: "" },
    { source: "a1", destination: "" },
    { source: "", destination: "" },
  ]);
});
