import type { Metadata } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { withStanding } from "../../../aggregator/standing.ts";

test("withStanding() says with every answer whether this aggregator leads", () => {
  let role: "leader" | "standby" = "standby";
  const sent: Record<string, unknown>[] = [];
  const answers: unknown[] = [];
  const handlers = withStanding(
    {
      GetPath: (_: object, callback: (answer: string) => void) => callback("path"),
      WatchPaths: (_: object) => void answers.push("watch"),
    },
    () => ({ role, term: role === "leader" ? 7 : 0, leader: "", partition: "1/1", warming: false }),
  );
  const call = { sendMetadata: (metadata: Metadata) => void sent.push(metadata.getMap()) };
  handlers.GetPath(call, (answer) => void answers.push(answer));
  role = "leader";
  handlers.WatchPaths(call);
  expect(answers).toEqual(["path", "watch"]);
  expect(sent).toEqual([
    { "augmenter-role": "standby", "augmenter-term": "0", "augmenter-warming": "false" },
    { "augmenter-role": "leader", "augmenter-term": "7", "augmenter-warming": "false" },
  ]);
});
