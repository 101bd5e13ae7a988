import { type Environment, withoutCredentials } from './environment.ts';
import { commandOf, type Step } from './steps.ts';

/** A Vitest run of some projects. Tests see no credential of the machine they run on. */
export function vitestStep(name: string, projects: readonly string[], environment: Environment): Step {
  const { MUSTER_TEST_RESULTS: _, CHROMIUM_PATH, ...rest } = environment;
  const results = environment.MUSTER_TEST_RESULTS;
  return {
    name,
    commands: [
      [
        commandOf('vitest'),
        'run',
        ...projects.flatMap((project) => ['--project', project]),
        '--reporter=default',
        ...(results ? ['--reporter=./scripts/results-reporter.ts'] : []),
      ],
    ],
    env: {
      ...withoutCredentials(rest),
      ...(results && { MUSTER_TEST_RESULTS: results }),
      ...(CHROMIUM_PATH && { CHROMIUM_PATH }),
      NEXT_TELEMETRY_DISABLED: '1',
    },
  };
}
