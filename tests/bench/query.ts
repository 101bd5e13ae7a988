import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { QueryRun } from './query-run.ts';

const run = promisify(execFile);
const here = import.meta.dirname;

/** Fills a store with a seeded fleet, starts a query service over it as the web process does, and asks every kind of question. */
export async function benchQueries({ resources, seed = 1 }: { resources: number; seed?: number }): Promise<QueryRun> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const store = join(folder, 'muster.db');
  try {
    await run(process.execPath, [join(here, 'query-fill.ts'), store, String(resources), String(seed)]);
    const { stdout } = await run(process.execPath, [join(here, 'query-run.ts'), store]);
    return JSON.parse(stdout) as QueryRun;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0).padStart(8);

/** The figures as a table for people. */
export function queryTable({ resources, ready, rss, figures, readers }: QueryRun): string {
  const width = Math.max(...figures.map(({ query }) => query.length));
  return [
    `${resources} resources: ready in ${Math.round(ready)} ms; RSS ${rss.built} MiB built, ${rss.asked} asked, ${rss.peak} peak`,
    `${'ms'.padEnd(width)}${['p50', 'p95', 'max', 'CPU'].map((head) => head.padStart(8)).join('')}`,
    ...figures.map(({ query, p50, p95, max, cpu }) => query.padEnd(width) + [p50, p95, max, cpu].map(ms).join('')),
    `eight readers, ${readers.answers} answers: p50 ${ms(readers.p50).trim()}, p95 ${ms(readers.p95).trim()}; main thread's lag p99 ${ms(readers.lagP99).trim()}`,
  ].join('\n');
}
