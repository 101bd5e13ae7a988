import { type Call, ProviderError } from '#providers/contract.ts';
import { runForBytes } from '#providers/kit/client/client-process.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { named } from '#providers/kit/wire/named.ts';
import { VMRUN_LIST } from '../policy.ts';

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

async function run(file: string, timeoutMs: number, place: string, call: Call): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const { code, stderr } = await runForBytes(
    {
      file,
      program: 'vmrun',
      install: 'Workstation or Fusion, which it comes with',
      args: ['list'],
      input: null,
      env: { LC_ALL: 'C.UTF-8' },
      idleMs: timeoutMs,
      totalMs: timeoutMs,
      inherit: ['TMPDIR'],
    },
    place,
    call,
    (bytes) => {
      size += bytes.length;
      if (size > MAX_OUTPUT) throw new ProviderError('bad-reply', place, `answered more than ${MAX_OUTPUT} bytes`);
      chunks.push(bytes);
    },
  );
  const said = decodeText(Buffer.concat(chunks));
  if (code === 0) return said;
  throw new ProviderError('network', place, `failed: ${excerpt(stderr || said) || `vmrun ended with ${code}`}`);
}

/** UTF-8 where it is; what a Windows prints in its own code page may be none, and paths with other letters are then not found again. */
function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
