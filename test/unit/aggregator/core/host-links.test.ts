import { describe, expect, test } from "vitest";
import { HostLinks } from "../../../../aggregator/core/host-links.ts";

const fast = Math.log(80e6);
const slow = Math.log(12e6);
const at = (hostId: string, zone = 1) => ({ hostId, place: { rack: 2, zone } });
const a = at("a");
const hash = (peer: number) => Math.imul(peer + 1, 0x9e37_79b1) >>> 8;

/** Looks at paths to so many other hosts, each of the rate that it is told. */
function learned(links: HostLinks, peers: number, rate: (peer: number) => number): HostLinks {
  for (let peer = 0; peer < peers; peer += 1) links.learn(a, hash(peer), rate(peer), fast, 0.5, 0);
  return links;
}

describe("HostLinks", () => {
  test("linkOf() knows a link to which most paths of a host agree, below what the paths beside them carry", () => {
    const link = learned(new HostLinks(10), 6, (peer) => slow + 0.1 * Math.sin(peer)).linkOf(a, 0);
    expect(link?.logRate).toBeCloseTo(slow, 1);
    expect(link?.likelihood).toBeGreaterThan(0.99);
  });

  test("linkOf() knows none of a host of which nothing was seen, or no path below those beside it", () => {
    expect(learned(new HostLinks(10), 20, () => fast).linkOf(a, 0)).toBeUndefined();
    expect(new HostLinks(10).linkOf(at("b"), 0)).toBeUndefined();
  });

  test("linkOf() does not believe one path, however often it is seen: the other end may be the slow one", () => {
    const links = new HostLinks(10);
    for (let look = 0; look < 100; look += 1) links.learn(a, hash(7), slow, fast, 0.5, 0);
    expect(links.linkOf(a, 0)?.likelihood).toBeLessThan(0.5);
  });

  test("linkOf() takes one host in ten to be slow, not the one that speaks to all of them", () => {
    const link = learned(new HostLinks(10), 20, (peer) => (peer % 10 === 3 ? slow : fast)).linkOf(a, 0);
    expect(link?.likelihood).toBeLessThan(0.01);
  });

  test("linkOf() believes most paths of a slow host, not one estimate that is too high", () => {
    const link = learned(new HostLinks(10), 20, (peer) => (peer === 3 ? fast : slow)).linkOf(a, 0);
    expect(link?.likelihood).toBeGreaterThan(0.99);
    expect(link?.logRate).toBeCloseTo(slow, 1);
  });

  test("linkOf() forgets: after ten minutes half, and what a faster link carries speaks against the slow one", () => {
    const links = learned(new HostLinks(10), 6, () => slow);
    expect(links.linkOf(a, 600_000)?.likelihood).toBeCloseTo(0.5, 1);
    for (let peer = 0; peer < 6; peer += 1) links.learn(a, hash(peer), fast, fast, 0.5, 1_000);
    expect(links.linkOf(a, 1_000)?.likelihood).toBeLessThan(0.01);
  });

  test("linkOf() knows nothing of a host that moved, and learn() counts none of its votes from before", () => {
    const links = learned(new HostLinks(10), 6, () => slow);
    const moved = at("a", 3);
    expect(links.linkOf(moved, 0)).toBeUndefined();
    links.learn(moved, hash(7), slow, fast, 0.5, 0);
    expect(links.linkOf(moved, 0)?.likelihood).toBeLessThan(0.5);
  });

  test("learn() takes in no numbers that are none, and keeps no more hosts than it may", () => {
    const links = new HostLinks(2);
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      links.learn(a, 1, wrong, fast, 0.5, 0);
      links.learn(a, 1, slow, wrong, 0.5, 0);
      links.learn(a, 1, slow, fast, wrong - wrong, 0);
    }
    expect(links.linkOf(a, 0)).toBeUndefined();
    for (const host of ["a", "b", "c"]) links.learn(at(host), 1, slow, fast, 0.5, 0);
    expect(links.linkOf(a, 0)).toBeUndefined();
    expect(links.linkOf(at("c"), 0)).toBeDefined();
    links.forget("c");
    expect(links.linkOf(at("c"), 0)).toBeUndefined();
  });
});
