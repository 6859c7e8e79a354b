import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const script = join(import.meta.dirname, "..", "..", "..", "deploy", "prepare.sh");
const functions = readFileSync(script, "utf8").replace(/^main "\$@"$/m, "");

let folder = "";
let policy = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "augmenter-prepare-"));
  policy = join(folder, "policy-rc.d");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs commands with the script's functions, and a policy file of the test's own. */
function run(commands: string): { readonly code: number | null; readonly output: string } {
  const text = `${functions}\nservice_policy=${policy}\n${commands}`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", text, script], { encoding: "utf8" });
  return { code: status, output: `${stdout}${stderr}` };
}

test("prepare.sh refuses an argument it does not know", () => {
  const { status, stderr } = spawnSync("sh", [script, "--nginx"], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain('Cannot use "--nginx"');
});

describe("hold_services()", () => {
  test("says that no service may start, until release_services()", () => {
    run(`hold_services; cp ${policy} ${policy}.held; release_services`);
    expect(existsSync(policy)).toBe(false);
    expect(spawnSync("sh", [`${policy}.held`, "nginx", "start"]).status).toBe(101);
  });

  test.each(["exit 3", "fail broken", "kill -TERM $$; sleep 5"])("is undone when the script ends by %j", (end) => {
    const { output } = run(`hold_services; test -x ${policy} && echo held; ${end}`);
    expect(output).toContain("held");
    expect(existsSync(policy)).toBe(false);
  });

  test("leaves the machine's own policy as it is", () => {
    writeFileSync(policy, "#!/bin/sh\nexit 0\n");
    run("hold_services; release_services");
    expect(readFileSync(policy, "utf8")).toBe("#!/bin/sh\nexit 0\n");
  });

  test("is undone by a later run where the script was killed", () => {
    run("hold_services; kill -KILL $$");
    expect(existsSync(policy)).toBe(true);
    run("release_services");
    expect(existsSync(policy)).toBe(false);
  });
});

describe("missing_packages()", () => {
  // Nothing is there where PATH is empty.
  function found(forHttp: string, forTests = "no"): string[] {
    const commands = `PATH=; for_http=${forHttp}; for_tests=${forTests}; missing_packages`;
    return execFileSync("/bin/sh", ["-c", `${functions}\n${commands}`, script], { encoding: "utf8" }).split(" ");
  }

  test("has nginx and wrk for the HTTP benchmark only", () => {
    expect(found("no")).not.toContain("wrk");
    expect(found("yes")).toEqual(expect.arrayContaining(["nginx", "wrk", "nats-server"]));
  });

  test("has protoc for the tests only", () => {
    expect(found("no")).not.toContain("protobuf-compiler");
    expect(found("no", "yes")).toEqual(
      expect.arrayContaining(["protobuf-compiler", "protobuf-compiler-grpc", "openssl"]),
    );
  });
});
