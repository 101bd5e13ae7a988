import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Call, ProviderError } from '#providers/contract.ts';

/** One run of a program: no shell, nothing of our environment but what it needs, its input ours. */
export interface Run {
  file: string;
  /** What errors call it: `virsh`. */
  program: string;
  /** Where one gets it, behind "install". */
  install: string;
  args: readonly string[];
  /** For its standard input, closed behind it; null for none at all. */
  input: string | null;
  /** Beside {@link NEEDED} and `LC_ALL=C`, which it may replace. */
  env: Readonly<Record<string, string>>;
  /** Without a byte of output for so long, it is ended. */
  idleMs: number;
  /** Ended after this, whatever it says. */
  totalMs: number;
  /** Bytes that are no UTF-8 end it; else they are replaced. */
  strict?: boolean;
  /** More variables that it gets where we have them: those that say where its own things are. */
  inherit?: readonly string[];
}

export interface Exit {
  code: number | null;
  /** The first of it; unredacted. */
  stderr: string;
}

/** XDG_RUNTIME_DIR is where the sockets of sessions are; HOME where programs look for settings, keys and certificates. Windows' have other names. */
const NEEDED = ['PATH', 'HOME', 'XDG_RUNTIME_DIR', 'SystemRoot', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'TEMP'];
const IS_WINDOWS = process.platform === 'win32';
const MAX_STDERR = 64 * 1024;
const MAX_STDOUT = 1024 * 1024 * 1024;
/** What a process that is gone left open (a shared ssh connection, say) does not hold us longer than this. */
const LINGER_MS = 500;

/** Makes a program write line by line into a pipe, where this machine has it; without it events come when a buffer is full. */
export const LINE_BUFFERED = ['/usr/bin/stdbuf', '/usr/local/bin/stdbuf'].find((file) => existsSync(file));

/**
 * Runs a program and hands on what it says as it comes. Whatever ends it early ends its whole process group: an ssh that hangs goes
 * with the program that began it.
 * @param take may throw: that ends the program, too
 * @throws ProviderError `timeout`; `config` where there is no such program; the signal's reason where it aborted
 */
export function runProgram(run: Run, place: string, call: Call, take: (text: string) => void): Promise<Exit> {
  const decode = decoderOf(run, place);
  return runForBytes(run, place, call, (bytes) => take(decode(bytes)));
}

/** {@link runProgram} of one whose encoding has to be found out. */
export function runForBytes(run: Run, place: string, { signal }: Call, take: (bytes: Buffer) => void): Promise<Exit> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Exit>();
  const child = spawn(run.file, [...run.args], {
    // A session of its own: a group to end, and no terminal to ask on. Windows knows no groups, and would open a window.
    detached: !IS_WINDOWS,
    windowsHide: true,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(run),
  });
  let stderr = '';
  let size = 0;
  const end = (reason: unknown) => {
    settle();
    killGroup(child);
    child.stdout.destroy();
    child.stderr.destroy();
    reject(reason);
  };
  const aborted = () => end(signal.reason);
  const late = () =>
    end(new ProviderError('timeout', place, `${run.program} said nothing for ${run.idleMs / 1000} s and was ended`));
  const idle = setTimeout(late, run.idleMs);
  const total = setTimeout(
    () => end(new ProviderError('timeout', place, `${run.program} did not come to an end in ${run.totalMs / 1000} s`)),
    run.totalMs,
  );
  let linger: NodeJS.Timeout | undefined;
  const settle = () => {
    clearTimeout(idle);
    clearTimeout(total);
    clearTimeout(linger);
    signal.removeEventListener('abort', aborted);
  };
  signal.addEventListener('abort', aborted, { once: true });

  child.stdout.on('data', (bytes: Buffer) => {
    idle.refresh();
    size += bytes.length;
    try {
      if (size > MAX_STDOUT) throw new ProviderError('bad-reply', place, `answered more than ${MAX_STDOUT} bytes`);
      take(bytes);
    } catch (error) {
      end(error);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < MAX_STDERR) stderr += text.slice(0, MAX_STDERR);
  });
  // It may be gone before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(run.input ?? '');
  child.on('error', (error: NodeJS.ErrnoException) => {
    settle();
    reject(startError(error, run, place));
  });
  const done = (code: number | null) => {
    settle();
    resolve({ code, stderr });
  };
  child.on('exit', (code) => {
    linger = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
      done(code);
    }, LINGER_MS);
  });
  child.on('close', (code) => done(code));
  return promise;
}

/** Of a stream: a letter may be cut in two. */
export function decoderOf(
  { program, strict = false }: Pick<Run, 'program' | 'strict'>,
  place: string,
): (bytes: Buffer) => string {
  const decoder = new TextDecoder('utf-8', { fatal: strict, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes, { stream: true });
    } catch (error) {
      throw new ProviderError('bad-reply', place, `expected UTF-8 of ${program}, got other bytes`, { cause: error });
    }
  };
}

function environment({ env: more, inherit = [] }: Run): NodeJS.ProcessEnv {
  const env: Record<string, string> = {};
  for (const name of [...NEEDED, ...inherit]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  // Its words are understood in English only. The type wants a NODE_ENV, which is Next's command and none of a program's.
  return { ...env, LC_ALL: 'C', ...more } as Record<string, string> as NodeJS.ProcessEnv;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (IS_WINDOWS) child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function startError(error: NodeJS.ErrnoException, run: Run, place: string): ProviderError {
  if (error.code === 'ENOENT')
    return new ProviderError('config', place, `${run.file} is not on this machine: install ${run.install}`);
  if (error.code === 'EACCES') return new ProviderError('config', place, `${run.file} may not be run by this user`);
  return new ProviderError('network', place, `${run.file} could not be started (${error.code ?? 'no code'})`);
}
