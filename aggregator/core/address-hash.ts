/**
 * Where an address lies in a hash table. Hosts choose the addresses that they report, and could choose them so that they collide, if they
 * knew how: so the hash has a seed that only this process knows.
 */

let processSeed = 0;

/** Sets the seed of the tables that are made from now on; random, once in a process. */
export function seedAddressHash(seed: number): void {
  processSeed = seed >>> 0;
}

/** The seed of a table that is made now. */
export function addressHashSeed(): number {
  return processSeed;
}

/**
 * The hash of the 16 bytes at a place, 32 bits. Each word is mixed before the next one comes in: what words must differ by to cancel out
 * depends on the seed.
 */
export function addressHash(view: DataView, at: number, seed: number): number {
  let hash = mixed(seed ^ view.getUint32(at, true));
  hash = mixed(hash ^ view.getUint32(at + 4, true));
  hash = mixed(hash ^ view.getUint32(at + 8, true));
  return mixed(hash ^ view.getUint32(at + 12, true)) >>> 0;
}

// The finalizer of MurmurHash3.
function mixed(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
