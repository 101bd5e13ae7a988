import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What one Vitest run found. */
export interface TestResults {
  passed: number;
  /** Failed tests, and files and hooks that failed around them. */
  failed: number;
  skipped: { test: string; reason?: string }[];
}

/** Adds up the files that the results reporter left in a folder. */
export function readResults(folder: string): TestResults {
  const sum: TestResults = { passed: 0, failed: 0, skipped: [] };
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const one: TestResults = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    sum.passed += one.passed;
    sum.failed += one.failed;
    sum.skipped.push(...one.skipped);
  }
  return sum;
}

/** Every skipped test with its reason; where none was given, its title must say why. */
export function skippedLines({ skipped }: TestResults): string[] {
  return skipped.map(({ test, reason }) => `skipped: ${test}${reason ? ` (${reason})` : ''}`);
}

export const summaryLine = ({ passed, failed, skipped }: TestResults): string =>
  `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
