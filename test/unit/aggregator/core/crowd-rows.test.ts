import { beforeEach, describe, expect, test, vi } from "vitest";
import { tableBounds } from "../../../../aggregator/core/bounds.ts";
import { CrowdRows } from "../../../../aggregator/core/crowd-rows.ts";
import type { FanInRow } from "../../../../aggregator/core/fan-in.ts";
import { Hosts } from "../../../../aggregator/core/hosts.ts";
import { PathTable } from "../../../../aggregator/core/path-table.ts";
import { address, announcement, estimateOf, row } from "../fixtures.ts";

let hosts: Hosts;
let table: PathTable;
let rows: CrowdRows;
let sent: (readonly [string, string, number])[];

beforeEach(() => {
  hosts = new Hosts(tableBounds);
  table = new PathTable({ pathsMax: 4, pathsPerHostMax: 4, forgottenKept: 4 });
  hosts.whenRenamed((renamed) => table.touchTo(renamed));
  sent = [];
  rows = new CrowdRows({ table, hosts, fanIns });
});

const fanIns = {
  has: (hostId: string) => hostId !== "calm",
  sent: (receiverId: string, sourceId: string, { segmentsSent }: FanInRow) => {
    sent.push([receiverId, sourceId, segmentsSent]);
  },
};

function announce(hostId: string, ...addresses: string[]): void {
  hosts.announce(announcement(hostId, addresses), hostId, 0);
}

function toldOf(hostId: string, ...destinations: string[]): readonly (readonly [string, string, number])[] {
  rows.begin(hostId);
  for (const destination of destinations) {
    table.put(hostId, address(destination), estimateOf(row()));
    const [slot] = table
      .slotsOf(hostId)
      .filter((each) => String(table.at(each).destination) === String(address(destination)));
    rows.note(slot ?? -1, row({ segmentsSent: 100 }));
  }
  rows.tell(1_000);
  return sent.splice(0);
}

describe("CrowdRows", () => {
  test("tells a receiver the sum of what was sent to its addresses, and no report what the one before has told", () => {
    announce("r", "10.0.0.2", "10.0.0.3");
    announce("calm", "10.0.0.4");
    const destinations = ["10.0.0.2", "10.0.0.3", "10.0.0.4"] as const;
    expect(toldOf("a", ...destinations)).toEqual([["r", "a", 200]]);
    expect(toldOf("a", "10.0.0.3")).toEqual([["r", "a", 100]]);
  });

  test("follows addresses to other hosts, several at once, and away", () => {
    announce("r", "10.0.0.2");
    expect(toldOf("a", "10.0.0.2")).toEqual([["r", "a", 100]]);
    announce("s", "10.0.0.2");
    expect(toldOf("a", "10.0.0.2")).toEqual([
      ["r", "a", 100],
      ["s", "a", 100],
    ]);
    announce("r", "10.0.0.3");
    expect(toldOf("a", "10.0.0.2")).toEqual([["s", "a", 100]]);
    announce("a", "10.0.0.2");
    expect(toldOf("a", "10.0.0.2"), "an address of its own").toEqual([]);
  });

  test("looks up again whose a destination is only where that one address is another host's", () => {
    announce("r", "10.0.0.2");
    announce("s", "10.0.0.3");
    toldOf("a", "10.0.0.2", "10.0.0.3");
    const claimantsOf = vi.spyOn(hosts, "claimantsOf");
    announce("t", "10.0.0.4");
    announce("s", "10.0.0.5");
    hosts.heard("u", 1, 0, 0);
    expect(toldOf("a", "10.0.0.2", "10.0.0.3")).toEqual([["r", "a", 100]]);
    expect(claimantsOf.mock.calls).toEqual([[address("10.0.0.3")]]);
  });

  test("looks all up again where too many receivers came, and tells the same", () => {
    rows = new CrowdRows({ table, hosts, fanIns }, 2);
    announce("r", "10.0.0.2");
    announce("s", "10.0.0.3");
    const told = [
      ["r", "a", 100],
      ["s", "a", 100],
    ];
    expect(toldOf("a", "10.0.0.2", "10.0.0.3")).toEqual(told);
    const claimantsOf = vi.spyOn(hosts, "claimantsOf");
    expect(toldOf("a", "10.0.0.2", "10.0.0.3")).toEqual(told);
    expect(claimantsOf).toHaveBeenCalledTimes(2);
  });

  test("takes a path for a new one where it has the slot of one that is forgotten", () => {
    announce("r", "10.0.0.2");
    announce("s", "10.0.0.3");
    expect(toldOf("a", "10.0.0.2")).toEqual([["r", "a", 100]]);
    const [slot] = table.slotsOf("a");
    expect(table.prune(Number.POSITIVE_INFINITY, 1)).toBe(1);
    expect(toldOf("a", "10.0.0.3")).toEqual([["s", "a", 100]]);
    expect(table.slotsOf("a")).toEqual([slot]);
  });
});
