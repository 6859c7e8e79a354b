import { defineConfig } from "vitest/config";
import { CountReporter } from "./test/support/count-reporter.ts";

// These make namespaces, cgroups and processes on the one kernel there is, and some of them measure time.
const systemTests = ["kernel", "cluster", "faults", "testbed"].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    reporters: ["default", new CountReporter()],
    globalSetup: ["test/support/announce-skipped.ts"],
    // FFI needs a process, not a thread.
    pool: "forks",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: systemTests,
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: systemTests,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
