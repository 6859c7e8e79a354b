/** Which of a host's interfaces name it, those that only it has, and which cards its traffic leaves by. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Of kube-proxy, with the address of every service of the cluster on every node. */
const serviceInterface = "kube-ipvs0";
/** VLANs on bonds on ports of bridges: no host stacks more. */
const depthMax = 8;

/**
 * Whether other hosts may well have an interface with the same addresses: a bridge that leads to nothing but what runs on this host, as those of
 * container runtimes and hypervisors do (Docker's is 172.17.0.1 everywhere).
 */
export function isRepeatedElsewhere(name: string, classDirectory = "/sys/class/net"): boolean {
  if (name === serviceInterface) return true;
  return existsSync(join(classDirectory, name, "bridge")) && !leadsOut(name, classDirectory, depthMax);
}

/**
 * The interfaces that an interface leads out through: itself where it has a device, physical or of a hypervisor, or is a bond, whose speed is the
 * sum of the cards in use; else those below it. None of a veth, a tunnel and what leads to nothing but these.
 */
export function cardsBelow(name: string, classDirectory = "/sys/class/net", depth = depthMax): readonly string[] {
  const isCard = ["device", "bonding"].some((entry) => existsSync(join(classDirectory, name, entry)));
  if (isCard) return [name];
  if (depth === 0) return [];
  return lowerOf(name, classDirectory).flatMap((each) => cardsBelow(each, classDirectory, depth - 1));
}

// The kernel links an interface to those below it, and to its device where it has one.
function leadsOut(name: string, classDirectory: string, depth: number): boolean {
  if (existsSync(join(classDirectory, name, "device"))) return true;
  if (depth === 0) return true;
  return lowerOf(name, classDirectory).some((each) => leadsOut(each, classDirectory, depth - 1));
}

function lowerOf(name: string, classDirectory: string): readonly string[] {
  const entries = entriesOf(join(classDirectory, name));
  return entries.flatMap((entry) => (entry.startsWith("lower_") ? [entry.slice(6)] : []));
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
