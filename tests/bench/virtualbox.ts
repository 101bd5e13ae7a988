import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '#lib/runtime/clock.ts';
import type { Call, Clock, Connection } from '#providers/contract.ts';
import { virtualbox } from '#providers/virtualbox/index.ts';
import { type RealVirtualBox, startVirtualBox } from '#tests/support/virtualbox/real-virtualbox.ts';

/** Of one piece of work, in milliseconds. */
export interface VirtualBoxCost {
  wall: number;
  /** CPU of this process. */
  ours: number;
  /** CPU of every VBoxManage that was run. */
  manage: number;
  /** CPU of VBoxSVC, which answers them; NaN where another one took over. */
  server: number;
  processes: number;
}

export interface VirtualBoxFigures {
  /** `list vms` and `showvminfo` of each, one after the other, thrown away. */
  bare: VirtualBoxCost;
  listing: VirtualBoxCost;
  /** One poll without changes; the best of a few. */
  again: VirtualBoxCost;
  /** The poll that brings a change of settings; the worst of a few. Up to five seconds pass before it. */
  change: VirtualBoxCost;
}

/** Lists and follows VMs of a real VirtualBox. @throws Error where none can be had */
export async function benchVirtualBox(count: number, runs: number): Promise<VirtualBoxFigures> {
  const real = await startVirtualBox();
  const stop = new AbortController();
  try {
    const uuids = Array.from({ length: count }, (_, at) => real.create(`vm-${at}`));
    const { program, costOf } = meter(real);
    const bare = await costOf(async () => {
      execFileSync(program, ['list', 'vms']);
      for (const uuid of uuids) execFileSync(program, ['showvminfo', uuid, '--machinereadable']);
    });
    const pace = new Pace();
    const adapter = await virtualbox.load();
    const quiet = () => undefined;
    const connection = await adapter.open(virtualbox.config.parse({ vboxManage: program }), {
      source: 'bench',
      clock: pace,
      random: () => 0.5,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    const memory = new Map<string, number | null>();
    let failure: unknown = null;
    const listing = await costOf(async () => {
      follow(connection, memory, { signal: stop.signal }).catch((error: unknown) => {
        failure = error;
        pace.end();
      });
      await pace.pause();
    });
    const poll = async () => {
      pace.resume();
      await pace.pause();
      if (failure !== null) throw failure;
    };
    // Those that were just made are looked at once more.
    await poll();
    const again: VirtualBoxCost[] = [];
    const change: VirtualBoxCost[] = [];
    for (const [run, uuid] of uuids.slice(0, runs).entries()) {
      again.push(await costOf(poll));
      real.vbox('modifyvm', uuid, '--memory', String(2048 + run));
      change.push(await costOf(poll));
      if (memory.size !== count || memory.get(uuid) !== 2048 + run)
        throw new Error('the poll did not bring the change');
      await poll();
    }
    await connection.close();
    const [best] = again.sort((a, b) => a.wall - b.wall);
    const [worst] = change.sort((a, b) => b.wall - a.wall);
    if (!best || !worst) throw new Error('no run');
    return { bare, listing, again: best, change: worst };
  } finally {
    stop.abort();
    await real.stop();
  }
}

/** Notes the memory of each VM, by UUID, as the watch tells it. */
async function follow(connection: Connection, memory: Map<string, number | null>, call: Call): Promise<void> {
  for await (const scope of connection.scopes(call)) {
    if (scope.part === 'host') continue;
    for await (const event of connection.watch?.(scope, call) ?? []) {
      if (event.type === 'upsert') for (const row of event.resources) memory.set(row.nativeId, row.memory);
      if (event.type !== 'listing') continue;
      for await (const { resources } of event.batches)
        for (const row of resources) memory.set(row.nativeId, row.memory);
    }
  }
}

/** The system's clock, whose pauses end when the bench says so. */
class Pace implements Clock {
  #resume: () => void = () => undefined;
  #paused = Promise.withResolvers<void>();

  now = systemClock.now;
  monotonic = systemClock.monotonic;
  alarm = systemClock.alarm;

  sleep(_: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    this.#resume = resolve;
    this.#paused.resolve();
    return promise;
  }

  /** Resolves when what it paces is in a pause, or over. */
  pause = (): Promise<void> => this.#paused.promise;
  end = (): void => this.#paused.resolve();

  resume(): void {
    this.#paused = Promise.withResolvers();
    this.#resume();
  }
}

/** A VBoxManage whose CPU is told, and what a piece of work costs that runs it. */
function meter(real: RealVirtualBox) {
  const log = path.join(real.folder, 'times');
  const program = path.join(real.folder, 'VBoxManage-timed');
  // The shell's own word for what its children took.
  const told = `times > '${log}'.$$\ntail -n 1 '${log}'.$$ >> '${log}'\nrm '${log}'.$$`;
  writeFileSync(program, `#!/bin/sh\n'${real.program}' "$@"\ncode=$?\n${told}\nexit $code\n`, { mode: 0o755 });
  async function costOf(work: () => Promise<void>): Promise<VirtualBoxCost> {
    // It is there, and stays for some seconds after each call.
    real.vbox('list', 'systemproperties');
    writeFileSync(log, '');
    const server = real.serverCpu();
    const before = process.cpuUsage();
    const began = performance.now();
    await work();
    const wall = performance.now() - began;
    const { user, system } = process.cpuUsage(before);
    const spent = real.serverCpu() - server;
    const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
    return {
      wall,
      ours: (user + system) / 1000,
      manage: lines.reduce((sum, line) => sum + millisOf(line), 0),
      server: spent < 0 ? Number.NaN : spent,
      processes: lines.length,
    };
  }
  return { program, costOf };
}

/** `0m1.20s 0m0.30s`: user and system time. */
const millisOf = (line: string): number =>
  [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
