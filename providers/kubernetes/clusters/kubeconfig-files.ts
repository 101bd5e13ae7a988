import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { abortable } from '#lib/runtime/abort.ts';
import { type Call, ProviderError } from '../../contract.ts';
import { KubeconfigProblem, readKubeconfig } from '../client/kubeconfig.ts';

/** More files, or more text in them, is no folder of kubeconfigs but a mistake. */
const MAX_FILES = 1000;
const MAX_BYTES = 32 * 1024 * 1024;

/** A kubeconfig as written, or why it could not be read. */
export interface ReadFile {
  /** Absolute. */
  file: string;
  /** Its own name, without folders. */
  name: string;
  /** One of a folder of them. */
  folder: boolean;
  text: string | KubeconfigProblem;
}

/**
 * The kubeconfigs behind a path: the file itself, or the files directly in the folder, in the order of their names. Folders in it,
 * hidden files and backups (`~`) are passed over. A link is followed within the folder only: mounted secrets are links inside of
 * their own folder (`prod.yaml` -> `..data/prod.yaml`), an attack links out of it.
 * @throws ProviderError `config` where path or folder cannot be read, or is larger than any
 */
export async function* readKubeconfigs(location: string, place: string, call: Call): AsyncGenerator<ReadFile> {
  const within = <T>(work: Promise<T>): Promise<T> => abortable(work, call.signal);
  const broken = (reason: string) => new ProviderError('config', place, `kubeconfig: ${reason}`);
  const found = await within(stat(location)).catch(() => {
    call.signal.throwIfAborted();
    throw broken('there is no such file or folder, or it may not be read');
  });
  if (!found.isDirectory()) {
    yield { file: location, name: path.basename(location), folder: false, text: await within(readText(location)) };
    return;
  }
  const entries = await within(readdir(location, { withFileTypes: true })).catch(() => {
    call.signal.throwIfAborted();
    throw broken('the folder may not be read');
  });
  const wanted = entries.filter(
    (entry) => !entry.isDirectory() && !entry.name.startsWith('.') && !entry.name.endsWith('~'),
  );
  const names = wanted.map(({ name }) => name).sort();
  const root = await within(realpath(location));
  let bytes = 0;
  for (const name of names.slice(0, MAX_FILES)) {
    const file = path.join(location, name);
    const text = await within(inside(root, file));
    if (text === null) continue;
    bytes += typeof text === 'string' ? Buffer.byteLength(text) : 0;
    if (bytes > MAX_BYTES)
      throw broken(`expected at most ${MAX_BYTES} bytes in the folder; ${name} and what follows it is left out`);
    yield { file, name, folder: true, text };
  }
  if (names.length > MAX_FILES)
    throw broken(`expected at most ${MAX_FILES} files in the folder; the others are left out`);
}

/** Null for a link to a folder. */
async function inside(root: string, file: string): Promise<ReadFile['text'] | null> {
  const real = await realpath(file).catch(() => null);
  if (real === null) return new KubeconfigProblem('the file cannot be found or read');
  if (!real.startsWith(root.endsWith(path.sep) ? root : root + path.sep))
    return new KubeconfigProblem('it links out of its folder, which is refused');
  const found = await stat(real).catch(() => null);
  return found?.isDirectory() ? null : readText(real);
}

const readText = (file: string): Promise<ReadFile['text']> =>
  readKubeconfig(file).catch((error: unknown) => {
    if (error instanceof KubeconfigProblem) return error;
    throw error;
  });
