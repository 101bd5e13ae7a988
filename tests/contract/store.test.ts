import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReadStore, openWriteStore } from '#lib/store/index.ts';
import { T0 } from './store/fixture.ts';
import { testStore } from './store-suite.ts';

testStore('SQLite store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-store-'));
  const path = join(folder, 'muster.db');
  const clock = { now: () => T0 };
  const open = async () => ({ write: await openWriteStore(path, { clock }), read: await openReadStore(path) });
  let sides = await open();
  const close = async () => {
    await sides.read.close();
    await sides.write.close();
  };
  return {
    get write() {
      return sides.write;
    },
    get read() {
      return sides.read;
    },
    async restart() {
      await close();
      sides = await open();
    },
    async remove() {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
});
