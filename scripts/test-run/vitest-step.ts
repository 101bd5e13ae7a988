import { type Environment, withoutCredentials } from '../processes/environment.ts';
import { commandOf, type Step } from './steps.ts';

/** What tests get of the machine: no credential, and nothing of how its owner runs Muster. */
function testEnvironment(environment: Environment): Record<string, string> {
  const { TEST_RESULTS, CHROMIUM_PATH } = environment;
  const kept = Object.entries(withoutCredentials(environment)).filter(
    ([name]) => !/^(MUSTER_.*|PORT|HOST)$/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...(TEST_RESULTS && { TEST_RESULTS }),
    ...(CHROMIUM_PATH && { CHROMIUM_PATH }),
    NEXT_TELEMETRY_DISABLED: '1',
  };
}

/** What a run is told beside its projects: Vitest's mode, and variables that tests see as they are. */
interface Variant {
  mode: string;
  env: Readonly<Record<string, string>>;
}

/** A Vitest run of some projects. */
export function vitestStep(
  name: string,
  projects: readonly string[],
  environment: Environment,
  variant?: Variant,
): Step {
  const reporters = ['--reporter=default'];
  if (environment.TEST_RESULTS) reporters.push('--reporter=./scripts/test-run/results-reporter.ts');
  const selected = projects.flatMap((project) => ['--project', project]);
  return {
    name,
    commands: [[commandOf('vitest'), 'run', ...(variant ? ['--mode', variant.mode] : []), ...selected, ...reporters]],
    env: { ...testEnvironment(environment), ...variant?.env },
  };
}
