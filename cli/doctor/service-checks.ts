/** What this host needs around it: the broker, the aggregator, an agent, a clock that fits. */
import { CallError } from "../../client/call-error.ts";
import type { AugmenterClient } from "../../client/client.ts";
import type { ExitError } from "../../common/exit-codes.ts";
import { exitCodes } from "../../common/exit-codes.ts";
import { connectNats } from "../../common/nats-link.ts";
import { ageText } from "../../common/quantities.ts";
import type { HostInfo__Output } from "../../proto/gen/augmenter/v1/HostInfo.ts";
import { modeText } from "../reports/hosts-report.ts";
import type { Check } from "./check.ts";
import { doubtful, failed, passed, skipped } from "./check.ts";

const natsWaitMs = 2_000;
const agentWaitMs = 3_000;
/** A host that reports each second is late after that. */
const silenceMaxSeconds = 10;
/** Advice is refused beyond a minute, and what is a second off is worth a look. */
const offsetWarnMs = 1_000;
const offsetMaxMs = 60_000;

/** Whether the broker answers. */
export async function natsCheck(url: string): Promise<Check> {
  const name = "NATS";
  try {
    const link = await connectNats({ url, name: "augmenter doctor", connectWaitMs: natsWaitMs });
    const beganMs = performance.now();
    const isReached = await link.flush(natsWaitMs);
    const roundMs = performance.now() - beganMs;
    await link.close();
    if (!isReached) return failed(name, `no answer within ${natsWaitMs} ms`, exitCodes.brokerUnreachable);
    return passed(name, `answers in ${roundMs.toFixed(1)} ms`);
  } catch (error) {
    return failed(name, error);
  }
}

/** What the aggregator knows of this host, or why it does not answer. */
export interface AggregatorAnswer {
  readonly check: Check;
  readonly isReached: boolean;
  readonly host: HostInfo__Output | undefined;
}

/** Whether the aggregator answers. */
export async function aggregatorCheck(
  client: () => AugmenterClient,
  hostId: string,
  explain: (error: CallError) => ExitError,
): Promise<AggregatorAnswer> {
  const name = "aggregator";
  try {
    const beganMs = performance.now();
    const { hosts, warnings } = await client().listHosts({ filter: { hostId }, pageSize: 1 });
    const roundMs = performance.now() - beganMs;
    const answers = `answers in ${roundMs.toFixed(1)} ms`;
    const check = warnings.length === 0 ? passed(name, answers) : doubtful(name, `${answers}: ${warnings.join("; ")}`);
    return { check, isReached: true, host: hosts[0] };
  } catch (error) {
    const check = failed(name, error instanceof CallError ? explain(error) : error);
    return { check, isReached: false, host: undefined };
  }
}

/** Whether an agent runs on this host and is ready. */
export async function agentCheck(address: string, hostId: string, answer: AggregatorAnswer): Promise<Check> {
  const name = "agent";
  const isKnown = answer.host !== undefined;
  try {
    const response = await fetch(`http://${address}/readyz`, { signal: AbortSignal.timeout(agentWaitMs) });
    const { reasons = [] } = (await response.json()) as { readonly reasons?: readonly string[] };
    if (!response.ok) return failed(name, `runs, but is not ready: ${reasons.join(", ") || response.status}`);
    if (answer.isReached && !isKnown) return failed(name, `is ready, but the aggregator has not heard of ${hostId}`);
    return passed(name, `is ready at ${address}`);
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    const reason = cause?.code ?? (error as Error).message;
    if (isKnown)
      return doubtful(
        name,
        `${hostId} is known, but ${address} does not answer (${reason}): name it with --agent-http`,
      );
    return doubtful(name, `none runs here: ${address} does not answer (${reason})`);
  }
}

/** What the aggregator last heard of this host. */
export function reportsCheck(hostId: string, { isReached, host }: AggregatorAnswer): Check {
  const name = "reports";
  if (!isReached) return skipped(name, "the aggregator does not answer");
  if (host === undefined) return doubtful(name, `nothing was heard of ${hostId}; name another host with --host-id`);
  const { ageSeconds, mode, policyMode, adviceEntries } = host;
  if (ageSeconds > silenceMaxSeconds) return failed(name, `nothing was heard of ${hostId} for ${ageText(ageSeconds)}`);
  const left = policyMode === mode || policyMode === "MODE_UNSPECIFIED" ? "" : `, ${modeText(policyMode)} by policy`;
  return passed(
    name,
    `${hostId} was heard ${ageText(ageSeconds)} ago: ${modeText(mode)}${left}, advice for ${adviceEntries}`,
  );
}

/** Whether this host's clock and the aggregator's fit: advice has a time it must not be used after. */
export function clockCheck({ isReached, host }: AggregatorAnswer): Check {
  const name = "clock";
  if (!isReached) return skipped(name, "the aggregator does not answer");
  if (host === undefined) return skipped(name, "the aggregator has not heard of this host");
  const text = `${Math.abs(host.clockOffsetMs)} ms ${host.clockOffsetMs < 0 ? "behind" : "ahead of"} the aggregator's`;
  const offsetMs = Math.abs(host.clockOffsetMs);
  if (offsetMs >= offsetMaxMs) return failed(name, `${text}: advice is refused beyond ${offsetMaxMs} ms`);
  return offsetMs >= offsetWarnMs ? doubtful(name, text) : passed(name, text);
}
