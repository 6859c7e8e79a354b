/** Texts that stand for addresses and paths in maps, and sort as they do. */

/** The 16 bytes of an address, one character each. */
export function addressKey(address: Uint8Array): string {
  return Buffer.from(address.buffer, address.byteOffset, address.byteLength).toString("latin1");
}

/** A path's key sorts by host id, then by destination: no host id holds a space or anything below it. */
export function pathKey(hostId: string, destination: Uint8Array): string {
  return `${hostId} ${addressKey(destination)}`;
}
