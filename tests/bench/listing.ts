import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { AWS_KEYS } from '#tests/fakes/aws.ts';
import type { ListingRun } from './listing-run.ts';

const here = import.meta.dirname;
const run = promisify(execFile);
const env = {
  ...process.env,
  AWS_ACCESS_KEY_ID: AWS_KEYS.id,
  AWS_SECRET_ACCESS_KEY: AWS_KEYS.secret,
  AWS_EC2_METADATA_DISABLED: 'true',
  // The SDK warns of old Node versions and the like on standard error.
  NODE_NO_WARNINGS: '1',
};

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** CPU milliseconds, medians. */
export interface Cost {
  ours: number;
  bare: number;
  ratio: number;
}

export interface ListingFigures {
  provider: string;
  /** Rows stored by us, objects counted by the bare loop. */
  rows: number;
  objects: number;
  /** Into an empty store. */
  first: Cost;
  /** Once more, with nothing changed: the usual listing. */
  again: Cost;
  /** MiB. */
  peak: number;
}

async function one(provider: string, how: 'ours' | 'bare', fake: string): Promise<ListingRun> {
  const { stdout } = await run(process.execPath, [join(here, 'listing-run.ts'), provider, how, fake], { env });
  return JSON.parse(stdout) as ListingRun;
}

/** List, map and commit, twice, against a bare loop that only decodes; alternating, over the same fake. */
export async function benchListing(
  provider: 'aws' | 'kubernetes',
  objects: number,
  times: number,
): Promise<ListingFigures> {
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=8192', join(here, 'wire-fake.ts'), provider, String(objects)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    },
  );
  try {
    const [fake] = (await once(createInterface(child.stdout), 'line')) as [string];
    const ours: ListingRun[] = [];
    const bare: ListingRun[] = [];
    for (let i = 0; i < times; i++) {
      bare.push(await one(provider, 'bare', fake));
      ours.push(await one(provider, 'ours', fake));
    }
    const cost = (which: 'first' | 'again'): Cost => ({
      ours: median(ours.map((run) => run[which])),
      bare: median(bare.map((run) => run[which])),
      ratio: median(ours.map((run, i) => run[which] / (bare[i]?.[which] ?? Number.NaN))),
    });
    return {
      provider,
      rows: ours[0]?.rows ?? 0,
      objects: bare[0]?.rows ?? 0,
      first: cost('first'),
      again: cost('again'),
      peak: median(ours.map((o) => o.peak)),
    };
  } finally {
    child.kill('SIGTERM');
  }
}
