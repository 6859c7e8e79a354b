import { expect, onTestFinished, test } from "vitest";
import { aggregatorCheck } from "../../../../cli/doctor/service-checks.ts";
import { AugmenterClient } from "../../../../client/client.ts";
import { ExitError, exitCodes } from "../../../../common/exit-codes.ts";
import { playedServer } from "../played-server.ts";

test.each([
  [[], "ok", /^answers in [\d.]+ ms$/],
  [["nobody leads the hosts of partition 3/4"], "warn", /ms: nobody leads the hosts of partition 3\/4$/],
])("aggregatorCheck() of a cluster with the warnings %j is %s", async (warnings, result, detail) => {
  const server = await playedServer({ ListHosts: () => ({ warnings }) });
  const client = new AugmenterClient({ address: server });
  onTestFinished(() => client.close());
  const explain = (error: Error) => new ExitError(exitCodes.unhealthy, error.message);
  const { check, isReached } = await aggregatorCheck(() => client, "a", explain);
  expect(check).toMatchObject({ result });
  expect(check.detail).toMatch(detail);
  expect(isReached).toBe(true);
});
