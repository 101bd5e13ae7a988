import path from 'node:path';
import type { Address } from './address.ts';
import { type Environment, withoutCredentials } from './environment.ts';
import type { Part } from './parts.ts';

/** The two processes: the collector holds the credentials and gets the whole environment, the web process gets none. */
export function musterParts(
  root: string,
  environment: Environment,
  { host, port }: Address,
  mode: 'production' | 'development',
): Part[] {
  const settings = {
    MUSTER_DATA: environment.MUSTER_DATA || '.muster',
    HOST: host,
    PORT: String(port),
    NODE_ENV: mode,
    NEXT_TELEMETRY_DISABLED: '1',
  };
  const whole = Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return [
    { name: 'collector', file: path.join(root, 'lib/collector/main.ts'), args: [], env: { ...whole, ...settings } },
    {
      name: 'web',
      file: path.join(root, 'app/server/main.ts'),
      args: mode === 'development' ? ['--dev'] : [],
      env: { ...withoutCredentials(environment), ...settings },
    },
  ];
}
