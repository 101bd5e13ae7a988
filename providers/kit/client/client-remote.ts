import type { ClientChannel } from 'ssh2';
import { type Call, ProviderError } from '#providers/contract.ts';
import { decoderOf, type Exit, type Run } from './client-process.ts';
import type { SshLink } from './client-ssh.ts';

const MAX_STDERR = 64 * 1024;

/**
 * Runs a command in a channel of an ssh connection and hands on what it says, as `runProgram` does on this machine. Its output must be UTF-8.
 * @param take may throw: that ends the command, too
 * @throws ProviderError `timeout`; `network` where the connection ends before the command has; the signal's reason where it aborted
 */
export function runOverSsh(
  link: SshLink,
  command: string,
  { program, idleMs, totalMs }: Pick<Run, 'program' | 'idleMs' | 'totalMs'>,
  place: string,
  { signal }: Call,
  take: (text: string) => void,
): Promise<Exit> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Exit>();
  let channel: ClientChannel | null = null;
  const end = (reason: unknown) => {
    settle();
    if (channel) stop(channel);
    reject(reason);
  };
  const aborted = () => end(signal.reason);
  const late = (what: string) => () => end(new ProviderError('timeout', place, `${program} ${what}`));
  const idle = setTimeout(late(`said nothing for ${idleMs / 1000} s and was ended`), idleMs);
  const total = setTimeout(late(`did not come to an end in ${totalMs / 1000} s`), totalMs);
  let over = false;
  const settle = () => {
    over = true;
    clearTimeout(idle);
    clearTimeout(total);
    signal.removeEventListener('abort', aborted);
  };
  signal.addEventListener('abort', aborted, { once: true });
  link.exec(command).then((opened) => {
    if (over) return stop(opened);
    channel = opened;
    read(opened);
  }, end);
  return promise;

  function read(opened: ClientChannel): void {
    const decode = decoderOf({ program, strict: true }, place);
    let stderr = '';
    opened.on('data', (bytes: Buffer) => {
      idle.refresh();
      try {
        take(decode(bytes));
      } catch (error) {
        end(error);
      }
    });
    opened.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MAX_STDERR) stderr += text.slice(0, MAX_STDERR);
    });
    opened.on('error', () => undefined);
    // It brings what `exit` did, which may have come before anybody could listen: null where a signal ended it, nothing where nobody said.
    opened.on('close', (code?: number | null) => {
      settle();
      if (code !== undefined) resolve({ code, stderr });
      else reject(new ProviderError('network', place, `the ssh connection ended before ${program} had`));
    });
    opened.end();
  }
}

/** sshd ends the command when its channel goes; one that reads no input notices by the signal. */
function stop(channel: ClientChannel): void {
  try {
    channel.signal('KILL');
  } catch {
    // The connection is gone, and the command with it.
  }
  channel.destroy();
}
