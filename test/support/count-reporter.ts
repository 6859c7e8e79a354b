/** Ends a run with one line that a script can read. */
import type { Reporter, TestModule } from "vitest/node";

/** How many tests ended which way. A file that could not run, and an error outside of any test, is one failure each. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** `N passed, N failed`, and `, N skipped` where any were. */
export function closingLine(counts: Counts): string {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

function countsOf(testModules: readonly TestModule[], errorsOutside: number): Counts {
  let passed = 0;
  let failed = errorsOutside;
  let skipped = 0;
  for (const testModule of testModules) {
    failed += testModule.errors().length;
    for (const suite of testModule.children.allSuites()) failed += suite.errors().length;
    for (const test of testModule.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") passed += 1;
      else if (state === "skipped") skipped += 1;
      else failed += 1;
    }
  }
  return { passed, failed, skipped };
}

/** Prints the closing line after what the default reporter has to say. */
export class CountReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    process.stdout.write(`${closingLine(countsOf(testModules, unhandledErrors.length))}\n`);
  }
}
