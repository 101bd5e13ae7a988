import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureChromium, NO_BROWSER } from './machine/chromium.ts';
import { ensurePackages, SYSTEMS } from './machine/debian.ts';
import { ensureVirsh, NO_VIRSH } from './machine/virsh.ts';
import { ensureBuild } from './processes/build.ts';
import { withoutCredentials } from './processes/environment.ts';
import { endOnSignal, SIGNALS } from './processes/stop-signals.ts';
import { atOtherDate, ensureFaketime, OTHER_MODE } from './test-run/other-date.ts';
import { runStep, type Step } from './test-run/steps.ts';
import { readResults, skippedLines, summaryLine } from './test-run/test-results.ts';
import { vitestStep } from './test-run/vitest-step.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const print = (line: string) => void process.stdout.write(`${line}\n`);

const results = mkdtempSync(path.join(tmpdir(), 'muster-test-'));
process.on('exit', () => rmSync(results, { recursive: true, force: true }));
for (const signal of SIGNALS) process.on(signal, endOnSignal);
const environment = { ...process.env, TEST_RESULTS: results };
const failed: string[] = [];

async function stage(name: string, work: () => Promise<boolean>): Promise<boolean> {
  print(`\n== ${name}`);
  const began = performance.now();
  const ok = await work();
  print(`== ${name}: ${ok ? 'ok' : 'FAILED'} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  if (!ok) failed.push(name);
  return ok;
}
const onScreen = async (step: Step) => (await runStep(step, true)).ok;
const hasTests = (project: string) => globSync(`tests/${project}/**/*.test.{ts,tsx}`, { cwd: ROOT }).length > 0;

await stage('verify', () =>
  onScreen({
    name: 'verify',
    commands: [['scripts/verify.ts']],
    env: { ...process.env, TEST_RESULTS: results },
  }),
);

// Its tests say why they are left out where there is none.
print(`\n== virsh: ${ensureVirsh() ?? NO_VIRSH}`);
for (const [name, packages] of Object.entries(SYSTEMS)) {
  const missing = ensurePackages(packages);
  print(
    `\n== ${name}: ${missing === null ? 'here for its tests' : `its tests are left out, as there is no ${missing}`}`,
  );
}

for (const project of ['contract', 'flow', 'security', 'real']) {
  if (hasTests(project)) await stage(project, () => onScreen(vitestStep(project, [project], environment)));
  else print(`\n== ${project}: tests/${project} has no tests yet`);
}

const faketime = ensureFaketime();
if ('library' in faketime) {
  const variant = { mode: OTHER_MODE, env: atOtherDate(faketime.library, Date.now()) };
  const projects = ['other-date', 'unit', 'architecture', 'contract', 'flow', 'security'];
  await stage('the same at another date', () =>
    onScreen(vitestStep('the same at another date', projects, environment, variant)),
  );
} else print(`\n== the same at another date: left out, as there is no ${faketime.missing}`);

if (hasTests('e2e')) {
  let browser: string | undefined;
  await stage('browser', async () => {
    browser = ensureChromium(process.env);
    print(browser ?? NO_BROWSER);
    return browser !== undefined;
  });
  const built = await stage('build', () =>
    ensureBuild(ROOT, withoutCredentials(process.env), print).then(
      () => true,
      (error: Error) => {
        print(error.message);
        return false;
      },
    ),
  );
  if (browser && built) {
    const withBrowser = { ...environment, CHROMIUM_PATH: browser };
    for (const project of ['e2e', 'commands'])
      await stage(project, () => onScreen(vitestStep(project, [project], withBrowser)));
  }
} else print('\n== e2e: tests/e2e has no tests yet');

const sum = readResults(results);
print('');
for (const line of skippedLines(sum)) print(line);
if (failed.length > 0) print(`failed: ${failed.join(', ')}`);
if (failed.length > 0 || sum.failed > 0 || sum.passed === 0) process.exitCode = 1;
// A stage can fail without a failed test: a finding of the linter, a run that crashed. It must not read as "0 failed".
print(summaryLine({ ...sum, failed: Math.max(sum.failed, failed.length) }));
