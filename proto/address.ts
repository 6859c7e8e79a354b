/** IP addresses and prefixes in the one 128-bit form used by the kernel maps and the wire. */
import ipaddr from "ipaddr.js";

/** Bytes of an address: IPv6 in network order, IPv4 as ::ffff:a.b.c.d. */
export const addressBytes = 16;

/** A destination: the address with its host bits zero, and 0..128 bits of it. IPv4 /n is 96 + n. */
export interface Prefix {
  readonly address: Uint8Array;
  readonly length: number;
}

/** The 16 bytes of an IPv4 or IPv6 address text; undefined where it is neither. Zone ids are refused. */
export function addressFromText(text: string): Uint8Array | undefined {
  const v4 = dottedBytes(text);
  if (v4 !== undefined) return v4;
  if (text.includes("%")) return undefined;
  if (!ipaddr.IPv6.isValid(text)) return undefined;
  return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
}

/** The usual text of 16 bytes: dotted for IPv4, RFC 5952 for IPv6. */
export function addressText(bytes: Uint8Array): string {
  if (isMapped(bytes)) return `${bytes[12]}.${bytes[13]}.${bytes[14]}.${bytes[15]}`;
  const address = new ipaddr.IPv6(Array.from(bytes));
  return address.toRFC5952String();
}

/** A prefix text such as "10.0.0.0/8" or "2001:db8::/32", or a bare address as its /128; undefined where it is neither. */
export function prefixFromText(text: string): Prefix | undefined {
  const [base = "", lengthText, ...rest] = text.split("/");
  const address = addressFromText(base);
  if (address === undefined || rest.length > 0) return undefined;
  if (lengthText === undefined) return { address, length: 128 };
  if (!/^\d{1,3}$/.test(lengthText)) return undefined;
  const length = Number(lengthText) + (base.includes(":") ? 0 : 96);
  if (length > 128) return undefined;
  return { address: maskedAddress(address, length), length };
}

/** "10.0.0.0/8", "2001:db8::/32", or the bare address of a whole host. */
export function prefixText(prefix: Prefix): string {
  const text = addressText(prefix.address);
  if (prefix.length === 128) return text;
  const isV4 = prefix.length >= 96 && !text.includes(":");
  return `${text}/${isV4 ? prefix.length - 96 : prefix.length}`;
}

/** Whether a prefix has the 16 bytes, a length of 0..128 and no host bits. */
export function isPrefix(prefix: Prefix): boolean {
  if (prefix.address.length !== addressBytes) return false;
  if (!Number.isInteger(prefix.length) || prefix.length < 0 || prefix.length > 128) return false;
  const masked = maskedAddress(prefix.address, prefix.length);
  return masked.every((byte, index) => byte === prefix.address[index]);
}

/** Whether an address lies within a prefix. */
export function prefixContains(prefix: Prefix, address: Uint8Array): boolean {
  const masked = maskedAddress(address, prefix.length);
  return masked.every((byte, index) => byte === prefix.address[index]);
}

/** Whether an address is the host itself: 127.0.0.0/8 or ::1. */
export function isLoopback(address: Uint8Array): boolean {
  if (address.length !== addressBytes) return false;
  if (isMapped(address)) return address[12] === 127;
  return address[15] === 1 && address.subarray(0, 15).every((byte) => byte === 0);
}

/** The address with the bits beyond `length` set to zero. */
export function maskedAddress(address: Uint8Array, length: number): Uint8Array {
  return address.map((byte, index) => {
    const bits = Math.min(8, Math.max(0, length - index * 8));
    return byte & (0xff00 >> bits) & 0xff;
  });
}

// Most addresses are IPv4, and every question has some: the library takes microseconds for what these take a fraction of one.
function dottedBytes(text: string): Uint8Array | undefined {
  const match = /^(0|[1-9]\d?\d?)\.(0|[1-9]\d?\d?)\.(0|[1-9]\d?\d?)\.(0|[1-9]\d?\d?)$/.exec(text);
  if (match === null) return undefined;
  const bytes = new Uint8Array(addressBytes);
  bytes[10] = bytes[11] = 0xff;
  for (let part = 1; part <= 4; part += 1) {
    const value = Number(match[part]);
    if (value > 255) return undefined;
    bytes[11 + part] = value;
  }
  return bytes;
}

function isMapped(bytes: Uint8Array): boolean {
  if (bytes[10] !== 0xff || bytes[11] !== 0xff) return false;
  for (let index = 0; index < 10; index += 1) if (bytes[index] !== 0) return false;
  return true;
}
