import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { claimAddress, urlOf } from '#scripts/processes/address.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The web process of the production build, alone, over a store that the test itself writes: nothing changes but by its hand. */
export interface Web {
  url: string;
  stop(): Promise<void>;
}

/** `port` 0 takes any free one. */
export async function startWeb(folder: string, port = 0): Promise<Web> {
  const address = await claimAddress({ host: '127.0.0.1', port });
  const url = urlOf(address);
  const child = spawn(process.execPath, ['app/server/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      MUSTER_DATA: folder,
      HOST: address.host,
      PORT: String(address.port),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await gone;
  };
  const ready = async () => {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the web process ended with ${child.exitCode}; is there a build?`);
      const answer = await fetch(`${url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await delay(50);
    }
  };
  try {
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
