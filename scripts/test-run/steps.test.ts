import { expect, test } from 'vitest';
import { runStep } from './steps.ts';
import { vitestStep } from './vitest-step.ts';

const print = (text: string) => ['-e', `console.log(${JSON.stringify(text)})`];

test('runs the commands of a step in turn and hands back their output', async () => {
  const { ok, output } = await runStep({ name: 'two', commands: [print('one'), print('two')] });
  expect({ ok, output }).toEqual({ ok: true, output: 'one\ntwo\n' });
});

test('the first command that fails ends the step', async () => {
  const { ok, output } = await runStep({
    name: 'fails',
    commands: [print('one'), ['-e', 'process.exitCode = 3'], print('never')],
  });
  expect({ ok, output }).toEqual({ ok: false, output: 'one\n' });
});

test("tests see neither the machine's credentials nor its owner's settings of Muster", () => {
  const { env } = vitestStep('unit', ['unit'], {
    PATH: '/usr/bin',
    AWS_PROFILE: 'canary',
    KUBECONFIG: 'canary',
    MUSTER_CONFIG: 'canary',
    PORT: '1',
    TEST_RESULTS: '/results',
  });
  expect(env).toEqual({ PATH: '/usr/bin', TEST_RESULTS: '/results', NEXT_TELEMETRY_DISABLED: '1' });
});
