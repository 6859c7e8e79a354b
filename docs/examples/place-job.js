/**
 * A scheduler in one page: starts a job on the host where its data will have arrived first.
 *
 *   node place-job.js data1 10GiB w1 w2 w3 -- ssh {host} make -C /srv/job
 *
 * asks where 10 GiB from data1 would be complete first, and runs the command for that host. Without a command it prints the host. The
 * aggregator is named by AUGMENTER_SERVER. Ends with the command's code, or with 1 where no candidate is known.
 */
import { spawnSync } from "node:child_process";
import { AugmenterClient } from "augmenter";

const separator = process.argv.indexOf("--");
const [source, size, ...candidates] = process.argv.slice(2, separator < 0 ? undefined : separator);
const command = separator < 0 ? [] : process.argv.slice(separator + 1);
if (source === undefined || size === undefined || candidates.length === 0) {
  process.stderr.write("usage: place-job.js SOURCE SIZE CANDIDATE... [-- COMMAND...]\n");
  process.exit(2);
}

const client = new AugmenterClient({ address: process.env.AUGMENTER_SERVER ?? "127.0.0.1:7443" });
const { destinations } = await client.rankDestinations({ source, candidates, bytes: bytesOf(size) });
client.close();

// Those of which nothing is known come last, without an estimate: better any of them than none.
const best = destinations[0];
if (best === undefined) process.exit(1);
const host = best.candidate;
const reason = best.estimate === null ? "nothing is known of any" : `${Math.round(best.estimate.p50Us / 1000)} ms`;
process.stderr.write(`${host}: ${reason}\n`);
if (command.length === 0) {
  process.stdout.write(`${host}\n`);
} else {
  const [program, ...args] = command.map((word) => word.replaceAll("{host}", host));
  process.exit(spawnSync(program, args, { stdio: "inherit" }).status ?? 1);
}

function bytesOf(text) {
  const [, number, prefix] = /^(\d+)([KMGT]i)?B?$/.exec(text) ?? [];
  return Number(number) * 1024 ** (["Ki", "Mi", "Gi", "Ti"].indexOf(prefix ?? "") + 1);
}
