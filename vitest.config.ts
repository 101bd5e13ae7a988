import { defineConfig } from 'vitest/config';
import { OTHER_MODE, OTHER_ZONE } from './scripts/test-run/other-date.ts';

const project = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include, ...more },
});
const suite = (name: string, more: object = {}) => project(name, [`tests/${name}/**/*.test.{ts,tsx}`], more);

export default defineConfig(({ mode }) => ({
  test: {
    env: { TZ: mode === OTHER_MODE ? OTHER_ZONE : 'UTC' },
    // Only a test that hangs ever gets there: a machine with other work must not.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      // Tests beside what they test. A component's test asks for a document: `// @vitest-environment jsdom`.
      project('unit', ['{app,lib,providers,scripts}/**/*.test.{ts,tsx}', 'tests/{fakes,bench}/**/*.test.{ts,tsx}']),
      suite('architecture'),
      suite('contract'),
      suite('flow'),
      suite('security'),
      // Holds that a run of the suites above at the other date is one.
      suite('other-date'),
      // Engines and servers of their own on this machine, one at a time: they share its cgroups and /etc.
      suite('real', { fileParallelism: false }),
      // Every command that the documents name, and every part of the bench.
      suite('commands', { fileParallelism: false, testTimeout: 1_200_000 }),
      // One browser and one server at a time: their figures and focus must not disturb each other.
      suite('e2e', { fileParallelism: false, testTimeout: 600_000 }),
    ],
  },
}));
