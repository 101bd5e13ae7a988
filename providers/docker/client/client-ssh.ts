import http from 'node:http';
import type { Duplex } from 'node:stream';
import { type SshLink, type SshOptions, sshLink } from '#providers/kit/client/client-ssh.ts';
import { guarded } from './client-agent.ts';

/** What `docker -H ssh://` runs on the other side: its standard input and output are the engine's socket. */
const COMMAND = 'docker system dial-stdio';

/** sshd gives one connection ten sessions (MaxSessions); one is the event stream. */
const MAX_CHANNELS = 8;

/**
 * Carries requests in channels of one ssh connection. The SDK's own way makes a connection per request, verifies no host key, and ends the
 * process when the server refuses the command (docker-modem 5.0.7, lib/ssh.js).
 */
export async function sshAgent(options: SshOptions): Promise<http.Agent> {
  return guarded(new SshAgent(await sshLink(options)));
}

class SshAgent extends http.Agent {
  readonly #link: SshLink;

  constructor(link: SshLink) {
    super({ keepAlive: true, maxSockets: MAX_CHANNELS });
    this.#link = link;
  }

  override createConnection(_: unknown, done: (error: Error | null, socket?: Duplex) => void): undefined {
    this.#channel().then(
      (channel) => done(null, channel),
      (error: unknown) => done(error instanceof Error ? error : new Error('no ssh connection')),
    );
  }

  /** A channel is no socket: what Node does to idle sockets it has no methods for, and needs none. */
  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {}

  override destroy(): void {
    super.destroy();
    this.#link.close();
  }

  async #channel(): Promise<Duplex> {
    const channel = await this.#link.exec(COMMAND);
    // What the command complains of would fill its window and stop it.
    channel.stderr.resume();
    return channel;
  }
}
