import { expect, test, vi } from "vitest";
import { noLimits } from "../../../aggregator/core/policy/policy-rule.ts";
import { HostNews } from "../../../aggregator/host-news.ts";
import { announcement, emptyView, PlayedClock } from "./fixtures.ts";

function watchOfZone() {
  const view = emptyView();
  const clock = new PlayedClock();
  const source = new HostNews(view, clock).source(({ zone }) => zone === "z1");
  const announce = (hostId: string, changes = {}) =>
    view.hosts.announce(announcement(hostId, [], { zone: "z1", ...changes }), hostId, clock.now);
  let number = source.newest;
  const news = () => {
    clock.now += 1_000;
    const end = source.newest;
    const found = source.changes(number, end);
    number = found?.reached ?? end;
    return found?.updates.map(({ host, gone }) => (host ? `${host.hostId} ${host.mode}` : `gone ${gone}`));
  };

  return { view, clock, source, announce, news };
}

test("HostNews tells of hosts that came, changed and went, not of those that only spoke or never were selected", () => {
  const { view, clock, source, announce, news } = watchOfZone();
  source.state("");
  announce("a");
  announce("b", { zone: "z2" });
  announce("c");
  expect(news()).toEqual(["a MODE_APPLY", "c MODE_APPLY"]);
  announce("c", { zone: "z2" });
  expect(news()).toEqual(["gone c"]);
  announce("c", { zone: "z3" });
  expect(news()).toEqual([]);
  view.hosts.heard("a", 1_000, 5, clock.now);
  expect(news()).toEqual([]);
  announce("a", { mode: "MODE_OBSERVE" });
  expect(news()).toEqual(["a MODE_OBSERVE"]);
  clock.now += 120_000;
  view.hosts.expire(clock.now);
  expect(news()).toEqual(["gone a"]);
});

test("HostNews does not take a coordinate that moved for news", () => {
  const { view, announce, news } = watchOfZone();
  announce("a");
  announce("b");
  expect(news()).toHaveLength(2);
  const spot = (hostId: string, rack: number) => ({ hostId, place: { rack, zone: 1 } });
  view.inference.coordinates.observe(spot("a", 1), spot("b", 2), 500);
  expect(view.inference.coordinates.errorOf(spot("a", 1))).toBeDefined();
  expect(news()).toEqual([]);
});

test("HostNews tells who resumed once of each host that changed and may have been selected before", () => {
  const { announce, news } = watchOfZone();
  announce("b", { zone: "z2" });
  expect(news()).toEqual(["gone b"]);
  announce("b", { zone: "z3" });
  expect(news()).toEqual([]);
});

test("HostNews tells the state in parts, and goes through all hosts for none of them", () => {
  const view = emptyView();
  for (let index = 100; index < 200; index += 1) view.hosts.announce(announcement(`h${index}`, []), `h${index}`, 0);
  const source = new HostNews(view, new PlayedClock()).source(() => true);
  const all = vi.spyOn(view.hosts, "all");
  const first = source.state("");
  expect(first).toMatchObject({ nextKey: "h163" });
  const second = source.state(first.nextKey ?? "");
  expect([first.updates.length, second.updates.length, second.nextKey]).toEqual([64, 36, undefined]);
  expect(all).not.toHaveBeenCalled();
});

test("HostNews compares many hosts over several turns, and tells of each as soon as it was compared", async () => {
  const view = emptyView();
  const clock = new PlayedClock();
  for (let index = 0; index < 600; index += 1) view.hosts.announce(announcement(`h${index}`, []), `h${index}`, 0);
  const source = new HostNews(view, clock).source(() => true);
  const numbers = [source.newest];
  for (let turns = 0; turns < 3; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    numbers.push(source.newest);
  }
  expect(numbers).toEqual([256, 512, 600, 600]);
});

test("HostNews tells that a host is gone that went before it was compared", () => {
  const { view, clock, source, announce, news } = watchOfZone();
  announce("a");
  expect(source.state("").updates).toHaveLength(1);
  clock.now += 120_000;
  view.hosts.expire(clock.now);
  expect(news()).toEqual(["gone a"]);
});

test("HostNews tells each watch of a host once, whichever was told of it first", () => {
  const { view, clock } = watchOfZone();
  const hostNews = new HostNews(view, clock);
  const [one, other] = [hostNews.source(() => true), hostNews.source(() => true)];
  const idsOf = (found: ReturnType<typeof one.changes>) => found?.updates.map(({ host }) => host?.hostId);
  one.state("");
  view.hosts.announce(announcement("a", []), "a", clock.now);
  expect(other.state("").updates).toHaveLength(1);
  clock.now += 1_000;
  const end = one.newest;
  expect(idsOf(one.changes(0, end))).toEqual(["a"]);
  expect(idsOf(other.changes(0, end))).toEqual([]);
});

test("HostNews compares again after a round that failed", () => {
  const { view, clock, source, announce, news } = watchOfZone();
  announce("a");
  const { unordered } = view.hosts;
  view.hosts.unordered = () => {
    throw new Error("no hosts");
  };
  clock.now += 1_000;
  expect(() => source.newest).toThrow("no hosts");
  view.hosts.unordered = unordered;
  expect(news()).toEqual(["a MODE_APPLY"]);
});

test("HostNews finds one change among many hosts at once", async () => {
  const view = emptyView();
  const clock = new PlayedClock();
  for (let index = 0; index < 2_000; index += 1) view.hosts.announce(announcement(`h${index}`, []), `h${index}`, 0);
  const source = new HostNews(view, clock).source(() => true);
  do await new Promise((resolve) => setImmediate(resolve));
  while (source.newest < 2_000);
  clock.now += 1_000;
  view.hosts.announce(announcement("h1999", [], { mode: "MODE_OBSERVE" }), "h1999", 0);
  expect(source.newest).toBe(2_001);
});

test("HostNews tells of a rule that changes what a host may do", () => {
  const { view, announce, news } = watchOfZone();
  announce("a");
  expect(news()).toHaveLength(1);
  const scope = { kind: "host", name: "a", prefix: undefined } as const;
  const author = { who: "", peer: "", changedUnixMs: 0, why: "" };
  const rule = { scope, mode: "off", pin: undefined, excluded: false, limits: noLimits, author } as const;
  view.policy.replace({ ...view.policy.state, rules: [rule] });
  expect(news()).toHaveLength(1);
});
