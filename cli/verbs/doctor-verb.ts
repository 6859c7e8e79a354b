/** doctor: whether Augmenter can work on this host, and what is in the way. */
import { hostname } from "node:os";
import { exitCodes } from "../../common/exit-codes.ts";
import { hostId } from "../../common/option-schemas.ts";
import type { Report, Tone } from "../core/report.ts";
import type { Check } from "../doctor/check.ts";
import { kernelChecks } from "../doctor/kernel-checks.ts";
import { agentCheck, aggregatorCheck, clockCheck, natsCheck, reportsCheck } from "../doctor/service-checks.ts";
import { exitErrorFor } from "../server-problem.ts";
import { reachedBy } from "../settings.ts";
import type { Verb } from "../verb.ts";
import { verb } from "../verb.ts";

/** The verb. */
export const doctorVerb: Verb = verb({
  name: "doctor",
  summary: "whether Augmenter can work on this host: kernel, privileges, mounts, NATS, aggregator, clock, agent",
  arguments: [],
  options: { "host-id": { description: "this host's id", schema: hostId(), default: hostname() } },
  report: async ({ session, options }) => {
    const { values } = session.settings;
    const explain = (error: Parameters<typeof exitErrorFor>[0]) => exitErrorFor(error, reachedBy(session.settings));
    const [kernel, nats, answer] = await Promise.all([
      kernelChecks(),
      natsCheck(values.natsUrl),
      aggregatorCheck(() => session.client, options.hostId, explain),
    ]);
    const agent = await agentCheck(values.agentHttp.text, options.hostId, answer);
    return doctorReport([
      ...kernel,
      nats,
      answer.check,
      agent,
      reportsCheck(options.hostId, answer),
      clockCheck(answer),
    ]);
  },
});

const tones: Readonly<Record<Check["result"], Tone>> = { ok: "good", warn: "warn", fail: "bad", skip: "dim" };

/** A row for each check; the first that failed says what the program ends with. */
function doctorReport(checks: readonly Check[]): Report {
  const bad = checks.filter(({ result }) => result === "fail");
  const names = bad.map(({ name }) => name).join(", ");
  return {
    value: { healthy: bad.length === 0, checks },
    tables: [
      {
        columns: [
          { title: "check", isText: true },
          { title: "", isText: true },
          { title: "found", isText: true },
        ],
        rows: checks.map(({ name, result, detail }) => [name, { text: result, tone: tones[result] }, detail]),
        empty: "",
      },
    ],
    ...(bad[0] === undefined
      ? {}
      : { failure: { code: bad[0].code || exitCodes.unhealthy, message: `Cannot work here as ${names} failed` } }),
  };
}
