import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A path for a store in a folder of its own, deleted when the test ends. */
export function storePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'muster.db');
}
