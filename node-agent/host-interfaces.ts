/** Which of a host's interfaces name it: those that only it has. */
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

// The kernel links an interface to those below it, and to its device where it has one.
function leadsOut(name: string, classDirectory: string, depth: number): boolean {
  const directory = join(classDirectory, name);
  if (existsSync(join(directory, "device"))) return true;
  if (depth === 0) return true;
  const lower = entriesOf(directory).flatMap((entry) => (entry.startsWith("lower_") ? [entry.slice(6)] : []));
  return lower.some((each) => leadsOut(each, classDirectory, depth - 1));
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
