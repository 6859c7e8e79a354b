import { describe, expect, test } from "vitest";
import { addressHash, addressHashSeed, seedAddressHash } from "../../../../aggregator/core/address-hash.ts";
import { AddressTable } from "../../../../aggregator/core/address-table.ts";

const addresses = 4_096;
const places = 8_192;

/** Addresses whose words, each times a number and all added without carry, are the same. */
function collidingWords(): DataView {
  const view = new DataView(new ArrayBuffer(16 * addresses));
  for (let index = 0; index < addresses; index += 1) {
    view.setUint32(16 * index, 0x2001_0db8, true);
    view.setUint32(16 * index + 4, index, true);
    view.setUint32(16 * index + 12, Math.imul(index, 0x85eb_ca6b), true);
  }
  return view;
}

function placesOf(view: DataView, seed: number): number[] {
  return Array.from({ length: addresses }, (_, index) => addressHash(view, 16 * index, seed) % places);
}

describe("addressHash()", () => {
  test.each([0, 1, 0x9e37_79b1, 0xffff_ffff])("spreads addresses whose words cancel out, with seed %i", (seed) => {
    // At random 4,096 of 8,192 places hold 4,096 x (1 - e^-0.5) x 2 = 3,223 of them.
    expect(new Set(placesOf(collidingWords(), seed)).size).toBeGreaterThan(3_000);
  });

  test("puts what collides with one seed apart with another", () => {
    const view = new DataView(new ArrayBuffer(16 * addresses));
    let found = 0;
    for (let word = 0; found < addresses / 64; word += 1) {
      view.setUint32(16 * found + 12, word, true);
      if (addressHash(view, 16 * found, 1) % places === 0) found += 1;
    }
    const seen = new Set(Array.from({ length: found }, (_, index) => addressHash(view, 16 * index, 2) % places));
    expect(seen.size).toBeGreaterThan(found / 2);
  });
});

test("AddressTable finds its addresses when the seed of later tables is another", () => {
  const view = collidingWords();
  const before = addressHashSeed();
  const table = new AddressTable(addresses);
  for (let index = 0; index < addresses; index += 1) table.setFirstPath(table.take(view, 16 * index), index);
  seedAddressHash(before + 1);
  try {
    for (let index = 0; index < addresses; index += 2) table.setFirstPath(table.find(view, 16 * index), undefined);
    for (let index = 1; index < addresses; index += 2) {
      expect(table.firstPath(table.find(view, 16 * index))).toBe(index);
    }
    expect(table.size).toBe(addresses / 2);
  } finally {
    seedAddressHash(before);
  }
});
