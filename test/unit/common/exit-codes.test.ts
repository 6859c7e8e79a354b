import { expect, test } from "vitest";
import { exitCodes } from "../../../common/exit-codes.ts";

test("exitCodes are what the documents promise", () => {
  expect(exitCodes).toEqual({
    ok: 0,
    unexpected: 1,
    badConfiguration: 2,
    brokerUnreachable: 3,
    portInUse: 4,
    insufficientPrivileges: 5,
    kernelUnsuitable: 6,
    serverUnreachable: 7,
    notFound: 8,
    denied: 9,
    unhealthy: 10,
  });
});
