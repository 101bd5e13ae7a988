import { spawn } from 'node:child_process';
import { systemClock } from '#lib/runtime/clock.ts';
import { docker } from '#providers/docker/index.ts';
import { collectLive } from '../live-collector.ts';
import type { Engine } from './docker-engine.ts';

export interface Kills {
  /** Milliseconds from each call to kill until its row was committed as no longer running, in order of size. */
  took: number[];
  /** The same from the engine's answer that it is done. */
  after: number[];
  /** Killed, and still running in the store ten seconds later. */
  lost: number;
}

/** Longer than this, and nothing but another event would mend it. */
const LOST_MS = 10_000;

/**
 * Kills containers of an engine, several at a time, while a collector follows it, and waits for each to be committed.
 * @param busy loops that hold a processor each meanwhile
 */
export async function killContainers(
  engine: Engine,
  { count, atOnce, busy, hostConfig }: { count: number; atOnce: number; busy: number; hostConfig: object },
): Promise<Kills> {
  const states = new Map<string, string>();
  const waiting = new Map<string, () => void>();
  const collector = await collectLive(docker, { host: `unix://${engine.socket}` }, ({ nativeId, state }) => {
    states.set(nativeId, state);
    if (state !== 'running') waiting.get(nativeId)?.();
  });
  const loops = Array.from({ length: busy }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  try {
    const ids = await startAll(engine, count, atOnce, hostConfig);
    while (ids.some((id) => states.get(id) !== 'running')) await systemClock.sleep(100, new AbortController().signal);
    const took: number[] = [];
    const after: number[] = [];
    const rest = ids.values();
    const kill = async (): Promise<void> => {
      for (const id of rest) {
        const began = performance.now();
        const gone = new Promise<void>((resolve) => waiting.set(id, resolve));
        await engine.docker.getContainer(id).kill();
        const answered = performance.now();
        const late = new AbortController();
        await Promise.race([gone, systemClock.sleep(LOST_MS, late.signal).catch(() => undefined)]);
        late.abort();
        if (states.get(id) === 'running') continue;
        took.push(performance.now() - began);
        after.push(Math.max(0, performance.now() - answered));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, kill));
    const sorted = (all: number[]) => all.sort((a, b) => a - b);
    return { took: sorted(took), after: sorted(after), lost: count - took.length };
  } finally {
    for (const loop of loops) loop.kill('SIGKILL');
    await collector.stop();
  }
}

async function startAll(engine: Engine, count: number, atOnce: number, HostConfig: object): Promise<string[]> {
  const ids: string[] = [];
  const names = Array.from({ length: count }, (_, n) => `kill-${n}`).values();
  const worker = async (): Promise<void> => {
    for (const name of names) {
      const made = await engine.docker.createContainer({
        name,
        Image: 'muster/busybox:1',
        Cmd: ['/busybox', 'sleep', '100000'],
        HostConfig,
      });
      await made.start();
      ids.push(made.id);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ids;
}
