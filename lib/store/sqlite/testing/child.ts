import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A real process that has the store open, and what it says line by line. */
export class Child {
  readonly lines: string[] = [];
  readonly ended: Promise<NodeJS.Signals | number | null>;
  readonly #process: ChildProcess;
  #waiting: (() => void)[] = [];
  #over = false;

  /** @param program a file of this folder */
  constructor(program: string, args: readonly string[], options: { uid?: number } = {}) {
    const child = spawn(process.execPath, [join(import.meta.dirname, program), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      ...options,
    });
    this.#process = child;
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(line);
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#over = true;
        this.#wake();
        resolve(signal ?? code);
      });
    });
  }

  /** Resolves when it has said `count` lines or has ended. */
  async printed(count: number): Promise<void> {
    while (this.lines.length < count && !this.#over) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
