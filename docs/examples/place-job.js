/**
 * A scheduler in one page: starts a job on the host where its data will have arrived first.
 *
 *   node place-job.js data1 10GiB w1 w2 w3 -- ssh {host} make -C /srv/job
 *
 * asks where 10 GiB from data1 would be complete first, and runs the command for that host. Without a command it prints the host. The
 * aggregator is named by AUGMENTER_SERVER. Ends with the command's code; with 1 where no candidate is known or nobody answers, and with 2 where
 * the arguments are wrong.
 */
import { spawnSync } from "node:child_process";
import { AugmenterClient, CallError } from "augmenter";

const separator = process.argv.indexOf("--");
const [source, size, ...candidates] = process.argv.slice(2, separator < 0 ? undefined : separator);
const command = separator < 0 ? [] : process.argv.slice(separator + 1);
const bytes = bytesOf(size);
if (source === undefined || !(bytes > 0) || candidates.length === 0) {
  process.stderr.write("usage: place-job.js SOURCE SIZE CANDIDATE... [-- COMMAND...], SIZE such as 10GiB\n");
  process.exit(2);
}

const client = new AugmenterClient({ address: process.env.AUGMENTER_SERVER ?? "127.0.0.1:7443" });
const best = await firstOf({ source, candidates, bytes });
client.close();
const host = best.candidate;
process.stderr.write(`${host}: ${Math.round(best.estimate.p50Us / 1000)} ms\n`);
if (command.length === 0) {
  process.stdout.write(`${host}\n`);
} else {
  const [program, ...args] = command.map((word) => word.replaceAll("{host}", host));
  process.exit(spawnSync(program, args, { stdio: "inherit" }).status ?? 1);
}

/** The candidate where it arrives first. Those of which nothing is known come last, without an estimate. */
async function firstOf(transfer) {
  try {
    const [first] = (await client.rankDestinations(transfer)).destinations;
    if (first?.estimate) return first;
    process.stderr.write(
      `nothing is known of the way from ${transfer.source} to any of ${transfer.candidates.join(", ")}\n`,
    );
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    process.stderr.write(`${error.codeName}: ${error.message}\n`);
  }
  process.exit(1);
}

/** NaN where it is no size. */
function bytesOf(text) {
  const [, number, prefix] = /^(\d{1,15})([KMGT]i)?B?$/.exec(text) ?? [];
  return Number(number) * 1024 ** (["Ki", "Mi", "Gi", "Ti"].indexOf(prefix ?? "") + 1);
}
