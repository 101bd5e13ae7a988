import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { type Call, ProviderError } from '#providers/contract.ts';
import { type Dictionary, DictionaryError, parseDictionary } from '../map/dictionary.ts';

/** A .vmx has 3 to 10 KB, a library some more. */
const MAX_BYTES = 1024 * 1024;
/** Files of one VM that include one another. */
const MAX_INCLUDED = 8;

/**
 * Reads a dictionary with what it includes from its own folder. What the including file says itself wins.
 * @param name what the file is called in errors: never its whole path
 * @throws ProviderError `config` where there is none, `permission` where it may not be read, else `bad-reply`
 */
export async function readDictionary(file: string, name: string, place: string, call: Call): Promise<Dictionary> {
  const folder = path.dirname(file);
  const values = new Map<string, string>();
  const seen = new Set<string>();
  const waiting = [file];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    call.signal.throwIfAborted();
    // Round in a circle there is nothing new.
    if (seen.has(next)) continue;
    if (seen.size >= MAX_INCLUDED)
      throw new ProviderError('bad-reply', place, `${name} includes more than ${MAX_INCLUDED - 1} files`);
    seen.add(next);
    const found = parsed(await readBounded(next, name, place), name, place);
    for (const [key, value] of found) {
      if (key !== 'include') {
        if (!values.has(key)) values.set(key, value);
        continue;
      }
      const included = path.resolve(folder, value);
      if (path.dirname(included) !== folder)
        throw new ProviderError('bad-reply', place, `${name} includes a file outside of its folder, which is not read`);
      waiting.push(included);
    }
  }
  return values;
}

function parsed(bytes: Buffer, name: string, place: string): Dictionary {
  try {
    return parseDictionary(bytes);
  } catch (error) {
    if (!(error instanceof DictionaryError)) throw error;
    throw new ProviderError('bad-reply', place, `${name} ${error.message}`);
  }
}

/** No pipe or device that never ends is waited for: it is opened without blocking, and only a file is read. */
async function readBounded(file: string, name: string, place: string): Promise<Buffer> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const info = await handle.stat();
      if (!info.isFile()) throw new ProviderError('bad-reply', place, `${name} is no file`);
      const buffer = Buffer.alloc(Math.min(info.size, MAX_BYTES) + 1);
      let size = 0;
      while (size < buffer.length) {
        const { bytesRead } = await handle.read(buffer, size, buffer.length - size, size);
        if (bytesRead === 0) break;
        size += bytesRead;
      }
      if (size > MAX_BYTES) throw new ProviderError('bad-reply', place, `${name} is larger than ${MAX_BYTES} bytes`);
      return buffer.subarray(0, size);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    throw fileError(error, name, place);
  }
}

function fileError(error: unknown, name: string, place: string): ProviderError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ProviderError('config', place, `${name} is not there`);
  if (code === 'EACCES' || code === 'EPERM')
    return new ProviderError('permission', place, `${name} may not be read by this user`);
  if (code === 'EBUSY') return new ProviderError('rate-limit', place, `${name} is locked by another program`);
  return new ProviderError('network', place, `${name} could not be read (${code})`);
}
