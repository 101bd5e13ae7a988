import { stat } from 'node:fs/promises';

/** A credential in use, until it is dropped or the file it came from changes. */
export interface CachedCredential<T> {
  get(): Promise<T>;
  drop(): void;
}

/**
 * Makes a credential when first used and again after `drop()`, after a failure, and when one of its files changed on disk:
 * rotation needs no restart.
 */
export function cachedCredential<T>(files: readonly string[], make: () => Promise<T>): CachedCredential<T> {
  let held: Promise<T> | null = null;
  let stamp = '';
  const drop = () => {
    held = null;
  };
  return {
    drop,
    async get() {
      const times: number[] = [];
      // One after another: of several that are missing it is always the first that is named.
      for (const file of files) times.push((await stat(file)).mtimeMs);
      const now = times.join();
      if (now !== stamp) drop();
      stamp = now;
      held ??= make();
      try {
        return await held;
      } catch (error) {
        drop();
        throw error;
      }
    },
  };
}
