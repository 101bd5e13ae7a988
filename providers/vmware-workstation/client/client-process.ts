import { type ExecFileException, execFile } from 'node:child_process';
import { type Call, ProviderError } from '#providers/contract.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { named } from '#providers/kit/wire/named.ts';
import { VMRUN_LIST } from '../policy.ts';

/** What vmrun needs of our environment: where programs, its library and its sockets are. The last ones are Windows'. */
const NEEDED = [
  'PATH',
  'HOME',
  'XDG_RUNTIME_DIR',
  'TMPDIR',
  'SystemRoot',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'TEMP',
];
/** Thousands of paths. */
const MAX_OUTPUT = 4 * 1024 * 1024;

/**
 * Paths of the .vmx files of the VMs that run, paused ones with them: `vmrun list`, which prints `Total running VMs: 2` and one a line.
 * An answer counts only if it holds as many as it says.
 * @throws ProviderError named `vmrun list`
 */
export const listRunning = (file: string, timeoutMs: number, place: string, call: Call): Promise<string[]> =>
  named(VMRUN_LIST, async () => {
    const lines = (await run(file, timeoutMs, place, call)).split(/\r?\n/);
    const head = lines.findIndex((line) => /^Total running VMs: \d+\s*$/.test(line));
    const count = Number(/\d+/.exec(lines[head] ?? '')?.[0] ?? Number.NaN);
    const paths = lines.slice(head + 1).filter((line) => line.trim() !== '');
    if (head === -1 || paths.length !== count)
      throw new ProviderError(
        'bad-reply',
        place,
        `expected "Total running VMs: <n>" and n paths, got: ${excerpt(lines.join(' ')) || 'nothing'}`,
      );
    return paths;
  });

/** No shell, no input, and nothing of our environment but what it needs. */
function run(file: string, timeoutMs: number, place: string, { signal }: Call): Promise<string> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = execFile(
    file,
    ['list'],
    {
      cwd: '/',
      encoding: 'buffer',
      env: environment(),
      maxBuffer: MAX_OUTPUT,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      signal,
      windowsHide: true,
    },
    (error, stdout, stderr) => {
      if (signal.aborted) reject(signal.reason);
      else if (error) reject(failure(error, file, place, stderr.toString('utf8') || stdout.toString('utf8')));
      else resolve(decodeText(stdout));
    },
  );
  child.stdin?.end();
  return promise;
}

/** UTF-8 where it is; what a Windows prints in its own code page may be none, and paths with other letters are then not found again. */
function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function failure(error: ExecFileException, file: string, place: string, said: string): ProviderError {
  if (error.code === 'ENOENT')
    return new ProviderError('config', place, `${file} is not on this machine: it comes with Workstation and Fusion`);
  if (error.code === 'EACCES') return new ProviderError('config', place, `${file} may not be run by this user`);
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return new ProviderError('bad-reply', place, `answered more than ${MAX_OUTPUT} bytes`);
  if (error.killed) return new ProviderError('timeout', place, 'vmrun gave no answer in time and was ended');
  return new ProviderError('network', place, `failed: ${excerpt(said) || `vmrun ended with ${error.code}`}`);
}

function environment(): NodeJS.ProcessEnv {
  const env: Record<string, string> = { LC_ALL: 'C.UTF-8' };
  for (const name of NEEDED) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  // The type wants a NODE_ENV, which is Next's command and none of a program's.
  return env as NodeJS.ProcessEnv;
}
