import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '#providers/contract.ts';
import { asRecord, asString, type Fields } from '#providers/kit/read.ts';

type Authenticator = Parameters<KubeConfig['addAuthenticator']>[0];

/** A command that was allowed, ready to be run. */
export interface CredentialCommand {
  file: string;
  args: readonly string[];
  /** What it gets beside the environment of the process, read anew each time. */
  env(): Promise<Readonly<Record<string, string>>>;
  /** Then it is killed. */
  timeoutMs: number;
}

/** Marks the user whose credential comes from a command. */
export const COMMAND = 'muster-command';
const MAX_OUTPUT = 1024 * 1024;

const run = promisify(execFile);

/**
 * Runs a credential plugin and keeps what it said until that expires. The SDK's own way has no end of time or of output, and starts
 * one process for each request that waits: here there is one at a time, and none that hangs.
 * @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
export function execCredential(command: CredentialCommand, clock: Clock): Authenticator {
  let held: { status: Fields; until: number } | null = null;
  let running: Promise<Fields> | null = null;

  async function ask(): Promise<Fields> {
    const { stdout } = await run(command.file, [...command.args], {
      env: { ...process.env, ...(await command.env()) },
      timeout: command.timeoutMs,
      maxBuffer: MAX_OUTPUT,
      killSignal: 'SIGKILL',
    });
    const parsed: unknown = JSON.parse(stdout);
    const status = asRecord(asRecord(parsed)?.status);
    if (!status) throw new TypeError('the command gave no status');
    const end = asString(status.expirationTimestamp);
    held = { status, until: end === null ? Number.POSITIVE_INFINITY : Date.parse(end) };
    return status;
  }

  return {
    isAuthProvider: (user) => user.authProvider?.name === COMMAND,
    async applyAuthentication(_user, opts) {
      if (!held || held.until <= clock.now()) {
        running ??= ask().finally(() => {
          running = null;
        });
      }
      const status = running ? await running : held?.status;
      const [token, cert, key] = [status?.token, status?.clientCertificateData, status?.clientKeyData].map(asString);
      if (cert) opts.cert = cert;
      if (key) opts.key = key;
      if (token) opts.headers = { ...opts.headers, Authorization: `Bearer ${token}` };
    },
  };
}
