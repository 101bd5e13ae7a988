import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include, ...more },
});
const suite = (name: string, more: object = {}) => project(name, [`tests/${name}/**/*.test.{ts,tsx}`], more);

export default defineConfig({
  test: {
    env: { TZ: 'UTC' },
    projects: [
      // Tests beside what they test. A component's test asks for a document: `// @vitest-environment jsdom`.
      project('unit', ['{app,lib,providers,scripts}/**/*.test.{ts,tsx}', 'tests/{fakes,bench}/**/*.test.{ts,tsx}']),
      suite('architecture'),
      suite('contract'),
      suite('flow', { testTimeout: 30_000, hookTimeout: 60_000 }),
      suite('security', { testTimeout: 30_000, hookTimeout: 60_000 }),
      // One browser and one server at a time: their figures and focus must not disturb each other.
      suite('e2e', { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 }),
    ],
  },
});
