import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A real process that has the store open, and what it says line by line. */
export class Child {
  readonly lines: string[] = [];
  readonly ended: Promise<NodeJS.Signals | number | null>;
  readonly #process: ChildProcess;
  #told: (() => void)[] = [];
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
      this.#tell();
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#over = true;
        this.#tell();
        resolve(signal ?? code);
      });
    });
  }

  /** Resolves when it has said `count` lines or has ended. */
  async said(count: number): Promise<void> {
    while (this.lines.length < count && !this.#over) {
      await new Promise<void>((resolve) => this.#told.push(resolve));
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #tell(): void {
    const told = this.#told;
    this.#told = [];
    for (const resolve of told) resolve();
  }
}
