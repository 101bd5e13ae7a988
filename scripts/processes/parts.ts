import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { forSpawn } from './environment.ts';

/** One process of Muster: a file that plain Node runs, logs to standard error and ends on SIGTERM. */
export interface Part {
  name: string;
  file: string;
  args: readonly string[];
  env: Record<string, string>;
}

export interface Parts {
  /** Asks every part to end (SIGTERM). Calling it again changes nothing. */
  stop(): void;
  /** Ends what did not listen (SIGKILL). */
  kill(): void;
  /**
   * Resolves when the last part is gone. The code is that of the part that ended by itself; after `stop`, 0 or the
   * first code that was not 0.
   */
  readonly ended: Promise<number>;
}

const EXIT_WITH_PARENT = path.join(import.meta.dirname, 'exit-with-parent.mjs');

function start(part: Part): ChildProcess {
  return spawn(process.execPath, ['--import', EXIT_WITH_PARENT, part.file, ...part.args], {
    env: forSpawn(part.env),
    // Standard output carries the address and nothing else. The channel tells a part when this process dies.
    stdio: ['ignore', 2, 2, 'ipc'],
    // A group of its own: Ctrl-C reaches a part once, from here, and not a second time from the terminal.
    detached: true,
  });
}

/** Starts all parts; when one ends, the others are stopped. `say` gets one line per event that a person should read. */
export function startParts(parts: readonly Part[], print: (line: string) => void): Parts {
  const running = new Map<Part, ChildProcess>();
  const { promise: ended, resolve } = Promise.withResolvers<number>();
  let stopping = false;
  let result = 0;

  const stop = () => {
    stopping = true;
    for (const child of running.values()) child.kill('SIGTERM');
  };
  const left = (part: Part, code: number, how: string) => {
    if (!running.delete(part)) return;
    if (!stopping) {
      print(`${part.name} ended ${how}${running.size > 0 ? '; stopping the rest' : ''}`);
      result = code;
      stop();
    } else if (result === 0) result = code;
    if (running.size === 0) resolve(result);
  };

  for (const part of parts) {
    const child = start(part);
    running.set(part, child);
    child.on('error', (error) => left(part, 1, `before it began: ${error.message}`));
    child.on('exit', (code, signal) => {
      if (signal === null) left(part, code ?? 1, `with code ${code}`);
      else left(part, stopping && signal === 'SIGTERM' ? 0 : 128 + constants.signals[signal], `by ${signal}`);
    });
  }
  return {
    stop: () => {
      if (!stopping) stop();
    },
    kill: () => {
      for (const child of running.values()) child.kill('SIGKILL');
    },
    ended,
  };
}
