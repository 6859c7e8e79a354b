/** Reading the release pin, which lifts all pacing, in every network namespace of the host. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { capabilitiesIn } from "./privileges.ts";

/** How many other namespaces are entered, and how long all of it may take, milliseconds: a stop is given 5 s. */
const namespacesMax = 512;
const elsewhereMs = 2_000;
/** The namespaces are open descriptors; `cat` ends, whatever it says, and with it the stay in another namespace. */
const readInside = 'pin=$1; shift; for fd; do nsenter --net="/proc/self/fd/$fd" cat "$pin"; done';
const firstFd = 3;

/**
 * Reads the pin of an iterator over TCP sockets, which sees those of its reader's network namespace alone (bpf_iter_init_seq_net):
 * in this process's, and by short-lived processes in that of every other process of the host, where this one has CAP_SYS_ADMIN, without
 * which no namespace is entered. Never throws; returns what could not be done, one text each.
 */
export function readInEveryNamespace(pinPath: string): string[] {
  const failures: string[] = [];
  try {
    readFileSync(pinPath);
  } catch (error) {
    failures.push(String(error));
  }
  if (!capabilitiesIn(readFileSync("/proc/self/status", "utf8")).has("CAP_SYS_ADMIN")) return failures;
  const others = openOthers();
  if (others.fds.length > 0) failures.push(...readThere(pinPath, others.fds));
  for (const fd of others.fds) closeSync(fd);
  if (others.beyond > 0)
    failures.push(`Cannot enter more than ${namespacesMax} network namespaces: ${others.beyond} are left`);
  return failures;
}

/** Network namespaces of other processes, opened so that they stay: a process may end at any time, its connections later. */
function openOthers(): { readonly fds: readonly number[]; readonly beyond: number } {
  const seen = new Set([readlinkSync("/proc/self/ns/net")]);
  const fds: number[] = [];
  let beyond = 0;
  for (const process of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const path = `/proc/${process}/ns/net`;
    try {
      const name = readlinkSync(path);
      if (seen.has(name)) continue;
      if (fds.length < namespacesMax) fds.push(openSync(path, "r"));
      else beyond += 1;
      seen.add(name);
    } catch {
      // It has ended meanwhile, or is hidden even from root, as some sandboxes are: most such share their namespace with others.
    }
  }
  return { fds, beyond };
}

// In children, one after the other: an agent's own thread that could not come back from a namespace would have lost its broker.
function readThere(pinPath: string, fds: readonly number[]): string[] {
  const inherited = fds.map((_, index) => String(firstFd + index));
  const { stderr, error } = spawnSync("sh", ["-c", readInside, "sh", pinPath, ...inherited], {
    stdio: ["ignore", "ignore", "pipe", ...fds],
    timeout: elsewhereMs,
    killSignal: "SIGKILL",
    encoding: "utf8",
  });
  const complaints = new Set((stderr ?? "").split("\n").filter((line) => line !== ""));
  return [
    ...complaints,
    ...(error === undefined ? [] : [`Cannot read ${pinPath} in ${fds.length} namespaces: ${error}`]),
  ];
}
