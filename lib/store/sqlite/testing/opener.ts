import { openReadStore, openWriteStore, StoreError } from '../../index.ts';

// node opener.ts <path>: tries to open the store for writing and for reading and says how each was refused.

const path = process.argv[2] ?? '';

const attempt = async (open: Promise<{ close(): Promise<void> }>): Promise<string> => {
  try {
    await (await open).close();
    return 'opened';
  } catch (error) {
    if (error instanceof StoreError) return error.refusal;
    throw error;
  }
};

process.stdout.write(`${await attempt(openWriteStore(path, { clock: Date }))}\n`);
process.stdout.write(`${await attempt(openReadStore(path))}\n`);
