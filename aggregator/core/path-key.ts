/** Texts that stand for addresses and paths in maps, and sort as they do. */

type Four = readonly [number, number, number, number];
type Sixteen = readonly [...Four, ...Four, ...Four, ...Four];

/** The 16 bytes of an address, one character each. */
export function addressKey(address: Uint8Array): string {
  // Written out, it takes a third of what a conversion by the library does, and every look-up by address begins with it.
  const [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = address as unknown as Sixteen;
  return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
}

/** The 16 bytes of an address by its key. */
export function addressOfKey(key: string): Uint8Array {
  const address = new Uint8Array(16);
  for (let index = 0; index < 16; index += 1) address[index] = key.charCodeAt(index);
  return address;
}

/** A path's key sorts by host id, then by destination: no host id holds a space or anything below it. */
export function pathKey(hostId: string, destination: Uint8Array): string {
  return `${hostId} ${addressKey(destination)}`;
}
