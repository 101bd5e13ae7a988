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
      const now = (await Promise.all(files.map((file) => stat(file)))).map((info) => info.mtimeMs).join();
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
