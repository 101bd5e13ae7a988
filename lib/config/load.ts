import { readFileSync, statSync } from 'node:fs';
import { ConfigError, type Environment } from './environment.ts';
import { type Configuration, demoSources, type Providers, readSources } from './sources.ts';
import { MAX_BYTES } from './yaml-file.ts';

const DEFAULT_FILE = 'muster.yaml';

/**
 * The sources of `MUSTER_CONFIG`, of `./muster.yaml`, or the demo where neither is there. A `MUSTER_CONFIG` that leads to nothing
 * is a mistake: a fleet must not turn into the demo because of a typing error.
 * @throws ConfigError
 */
export function loadConfiguration(
  environment: Pick<Environment, 'MUSTER_CONFIG'>,
  providers: Providers,
): Configuration {
  const named = environment.MUSTER_CONFIG;
  const text = readFile(named ?? DEFAULT_FILE, named !== undefined);
  return text === null ? demoSources(providers) : readSources(text, named ?? DEFAULT_FILE, providers);
}

function readFile(file: string, mustExist: boolean): string | null {
  const refuse = (expected: string): never => {
    throw new ConfigError(file, [{ key: mustExist ? 'MUSTER_CONFIG' : '(file)', expected }]);
  };
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return refuse('a file');
    if (stat.size > MAX_BYTES) return refuse(`at most ${MAX_BYTES} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (error instanceof TypeError) return refuse('UTF-8');
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !mustExist) return null;
    return refuse(code === 'ENOENT' ? 'the path of a file that exists' : 'a file that this user may read');
  }
}
