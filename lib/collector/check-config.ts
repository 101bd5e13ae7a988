import { ConfigError, readEnvironment } from '#lib/config/environment.ts';
import { loadConfiguration } from '#lib/config/load.ts';
import { createLogger } from '#lib/log/index.ts';
import { systemClock } from '#lib/runtime/clock.ts';
import { registry } from '#providers/registry.ts';
import { checkSource } from './check.ts';
import { EXIT } from './exit-codes.ts';
import { ownMachine } from './own-machine.ts';

// `npm run check-config`: what the configuration means, and whether it works. Ends with 78 where it is wrong, 1 where it does not work.
async function check(): Promise<number> {
  const environment = readEnvironment(process.env);
  const { sources, demo } = loadConfiguration(environment, registry);
  const log = createLogger({ level: environment.LOG_LEVEL === 'debug' ? 'debug' : 'silent', part: 'check-config' });
  if (demo) process.stdout.write('No muster.yaml: the demo fleet.\n');
  let code: number = EXIT.ok;
  for (const source of sources) {
    const { lines, ok } = await checkSource(source, {
      clock: systemClock,
      environment: (id) => ({ source: id, log, clock: systemClock, random: Math.random, machine: ownMachine }),
    });
    process.stdout.write(`${lines.join('\n')}\n`);
    if (!ok) code = EXIT.failed;
  }
  return code;
}

try {
  process.exit(await check());
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  for (const line of error.lines()) process.stderr.write(`${line}\n`);
  process.exit(EXIT.config);
}
