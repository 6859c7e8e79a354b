import { status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { exitErrorFor } from "../../../cli/server-problem.ts";
import { CallError } from "../../../client/call-error.ts";
import { exitCodes } from "../../../common/exit-codes.ts";

const reached = { server: "h:7443", isTls: false, hasCertificate: false, timeoutMs: 5_000 };

describe("exitErrorFor()", () => {
  test.each([
    [status.UNAUTHENTICATED, exitCodes.denied],
    [status.PERMISSION_DENIED, exitCodes.denied],
    [status.NOT_FOUND, exitCodes.notFound],
    [status.INVALID_ARGUMENT, exitCodes.badConfiguration],
    [status.ABORTED, exitCodes.badConfiguration],
    [status.UNAVAILABLE, exitCodes.serverUnreachable],
    [status.DEADLINE_EXCEEDED, exitCodes.serverUnreachable],
    [status.UNIMPLEMENTED, exitCodes.serverUnreachable],
    [status.INTERNAL, exitCodes.serverUnreachable],
    [status.RESOURCE_EXHAUSTED, exitCodes.serverUnreachable],
  ])("of gRPC status %d ends with code %d", (code, exitCode) => {
    const ended = exitErrorFor(new CallError(code, "Cannot do it"), reached);
    expect(ended.code).toBe(exitCode);
    expect(ended.message).not.toContain("\n");
  });

  test("keeps the server's words for what is wrong with the question", () => {
    const message = 'Cannot use source as it must be the id or an address of a host: current value is "?"';
    expect(exitErrorFor(new CallError(status.INVALID_ARGUMENT, message), reached).message).toBe(message);
  });
});
