import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import type { TestResults } from './test-results.ts';

/**
 * Writes what a run found as one JSON file into the folder TEST_RESULTS names. Vitest's own JSON counts
 * neither a file that cannot be loaded nor a failed `beforeAll`, and drops the reason of a skip.
 */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<unknown>): void {
    const folder = process.env.TEST_RESULTS;
    if (!folder) return;
    const results: TestResults = { passed: 0, failed: unhandled.length, skipped: [] };
    for (const module of modules) {
      results.failed += module.errors().length;
      for (const suite of module.children.allSuites()) results.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') results.passed += 1;
        else if (result.state === 'failed') results.failed += 1;
        else {
          const reason = result.state === 'skipped' ? result.note : 'did not run';
          results.skipped.push({ test: `${module.relativeModuleId}: ${test.fullName}`, ...(reason && { reason }) });
        }
      }
    }
    writeFileSync(path.join(folder, `${randomUUID()}.json`), JSON.stringify(results));
  }
}
