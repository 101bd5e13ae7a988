import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Settings, Stamp } from './client.ts';

/** The machine and its UUID stand at the beginning of a .vbox, behind a comment. */
const HEAD_BYTES = 4096;

/**
 * When a .vbox was written last, with its inode and size: VirtualBox writes another file and renames it. A file of the same path that
 * is not that VM's says nothing: VBoxManage may be a script that leads to another machine.
 * @returns null where there is no such file, or it may not be read
 */
export async function stampOf({ uuid, file }: Settings): Promise<Stamp | null> {
  if (!path.isAbsolute(file) || path.extname(file) !== '.vbox') return null;
  try {
    // No pipe is waited for.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const { mtimeNs, mtimeMs, ino, size } = await handle.stat({ bigint: true });
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      if (!buffer.toString('latin1', 0, bytesRead).includes(`uuid="{${uuid}}"`)) return null;
      return { text: `${mtimeNs} ${ino} ${size}`, writtenAt: Number(mtimeMs) };
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
