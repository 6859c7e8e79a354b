/** What a host says of itself: addresses and link speed. */
import { readFileSync } from "node:fs";
import type { NetworkInterfaceInfo } from "node:os";
import { join } from "node:path";
import { addressBytes, addressFromText } from "../proto/address.ts";
import { cardsBelow, isRepeatedElsewhere } from "./host-interfaces.ts";

/** Announced at most: a host with more is a router, and its further addresses stay unknown. */
const addressesMax = 64;

/**
 * The unicast addresses of all interfaces but the loopback, 16 bytes each, one after the other. Link-local ones name no host, nor do those of
 * interfaces that other hosts have with the same addresses, unless there are no others.
 */
export function announcedAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
  isRepeated: (name: string) => boolean = isRepeatedElsewhere,
): Uint8Array {
  const all = Object.keys(interfaces);
  const own = addressesOf(
    interfaces,
    all.filter((name) => !isRepeated(name)),
  );
  const addresses = own.length > 0 ? own : addressesOf(interfaces, all);
  const bytes = new Uint8Array(addresses.length * addressBytes);
  for (const [index, address] of addresses.entries()) bytes.set(address, index * addressBytes);
  return bytes;
}

function addressesOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>, names: readonly string[]): readonly Uint8Array[] {
  return names
    .flatMap((name) => interfaces[name] ?? [])
    .filter((entry) => !entry.internal && !/^(fe[89ab]|169\.254\.)/i.test(entry.address))
    .map((entry) => addressFromText(entry.address))
    .filter((address) => address !== undefined)
    .slice(0, addressesMax);
}

/**
 * Speed of the host's link, bytes a second: as configured, megabits a second, or of the fastest card below these interfaces; 0 where none says.
 * What virtual interfaces say is nobody's speed: a veth has 10 Gbit/s on whatever card (drivers/net/veth.c), and a bridge what its fastest port has.
 */
export function linkBytesPerSecond(
  configuredMbit: number,
  interfaceNames: readonly string[],
  classDirectory = "/sys/class/net",
): number {
  if (configuredMbit > 0) return configuredMbit * 125_000;
  const megabits = interfaceNames
    .flatMap((name) => cardsBelow(name, classDirectory))
    .map((name) => {
      try {
        return Number(readFileSync(join(classDirectory, name, "speed"), "utf8").trim());
      } catch {
        return 0;
      }
    });
  return Math.max(0, ...megabits) * 125_000;
}
