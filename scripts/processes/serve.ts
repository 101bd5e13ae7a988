import path from 'node:path';
import { claimAddress, readAddress, StartError, untilAnswers, urlOf } from './address.ts';
import { ensureBuild } from './build.ts';
import { withoutCredentials } from './environment.ts';
import { musterParts } from './muster-parts.ts';
import { startParts } from './parts.ts';
import { endingOnSignals, stopOnSignals } from './stop-signals.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const READY_MS = 120_000;

const print = (line: string) => void process.stderr.write(`${line}\n`);

type Mode = 'production' | 'development';

async function serveParts(mode: Mode, root: string): Promise<number> {
  const address = await claimAddress(readAddress(process.env));
  if (mode === 'production') await endingOnSignals(() => ensureBuild(root, withoutCredentials(process.env), print));
  const parts = startParts(musterParts(root, process.env, address, mode), print);
  stopOnSignals(parts);

  const over = new AbortController();
  const url = urlOf(address);
  const tooLate = AbortSignal.timeout(READY_MS);
  void parts.ended.then(() => over.abort());
  untilAnswers(`${url}/healthz`, AbortSignal.any([over.signal, tooLate])).then(
    () => process.stdout.write(`Muster: ${url}\n`),
    () => {
      if (!tooLate.aborted) return;
      print(`web did not answer ${url}/healthz within ${READY_MS / 1000} seconds`);
      process.exitCode = 1;
      parts.stop();
    },
  );
  return parts.ended;
}

/** Runs the Muster that lies in `root` until it ends or is told to; sets the exit code. */
export async function serve(mode: Mode, root = ROOT): Promise<void> {
  try {
    const code = await serveParts(mode, root);
    process.exitCode ||= code;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    print(error.message);
    process.exitCode = error.exitCode;
  }
}
