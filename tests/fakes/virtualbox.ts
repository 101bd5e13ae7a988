import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server, type ServerChannel, utils } from 'ssh2';
import type { Laptop } from '#lib/demo/index.ts';
import { answer, rowOf, type Said, type VmRow } from '#providers/virtualbox/mock/wire.ts';
import { ACTIONS, type Action, ENVIRONMENT } from '#providers/virtualbox/policy.ts';
import type { FakeCloud, FakeRequest, Reply } from './server.ts';

const PROGRAM = fileURLToPath(new URL('./vboxmanage.mjs', import.meta.url));

/** What a VBoxManage was started with. */
export interface VBoxRun {
  args: string[];
  /** Names of its environment variables; of one over ssh none. */
  env: string[];
  locale: string | null;
}

export const runOf = ({ body }: Pick<FakeRequest, 'body'>): VBoxRun => JSON.parse(body || '{"args":[],"env":[]}');

/** The action of the policy that these arguments are, and the VM that they are about. */
export function actionOf(args: readonly string[]): { action: Action; uuid: string | null } {
  const line = `VBoxManage ${args.join(' ')}`;
  const action = Object.values(ACTIONS).find((each) => line === each || line.startsWith(`${each} `));
  if (!action) throw new Error(`nobody asks ${line}`);
  const uuid = args.find((arg) => /^[0-9a-f]{8}-/.test(arg)) ?? null;
  return { action, uuid };
}

export const vboxReply = ({ stdout, stderr, code }: Said): Reply => ({
  headers: { 'x-stderr': Buffer.from(stderr).toString('base64'), 'x-exit': String(code) },
  body: stdout,
});

/** A VBoxManage that fails with these words. */
export const failing = (stderr: string, code = 1): Reply => vboxReply({ stdout: '', stderr: `${stderr}\n`, code });

/** One laptop of the fleet. */
export const virtualBoxCloud = (choose: (laptops: readonly Laptop[]) => Laptop): FakeCloud => ({
  action: (asked) => actionOf(runOf(asked).args).action,
  answer(asked, { fleet, now, rewrite }) {
    const laptop = choose(fleet.laptops());
    const rows = rewrite([...fleet.at(now()).virtualBoxVms(laptop)].map(rowOf));
    const { action, uuid } = actionOf(runOf(asked).args);
    return vboxReply(answer(action, uuid, laptop, rows, true));
  },
});

export interface Sshd {
  port: number;
  /** `ssh` of a source that reaches it. */
  keys: { keyFile: string; knownHosts: string };
  /** Commands, as they were asked for. */
  commands: string[];
  close(): Promise<void>;
}

const hostKey = utils.generateKeyPairSync('ed25519');
const userKey = utils.generateKeyPairSync('ed25519');

/** An sshd whose commands are answered by the server of a fake VBoxManage. */
export async function startSshd(fakePort: () => number): Promise<Sshd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-vbox-ssh-'));
  const commands: string[] = [];
  const server = new Server({ hostKeys: [hostKey.private] }, (client) => {
    client.on('error', () => {});
    client.on('authentication', (attempt) => {
      const blob = userKey.public.split(' ')[1];
      if (attempt.method === 'publickey' && attempt.key.data.toString('base64') === blob) attempt.accept();
      else attempt.reject(['publickey']);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _, { command }) => {
        commands.push(command);
        relay(acceptExec(), command, fakePort());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    return path.join(folder, name);
  };
  return {
    port,
    keys: {
      keyFile: file('id_ed25519', userKey.private),
      knownHosts: file('known_hosts', `[127.0.0.1]:${port} ${hostKey.public}\n`),
    },
    commands,
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function relay(channel: ServerChannel, command: string, port: number): void {
  channel.on('error', () => {});
  // Unread, it would not see that the other side has gone.
  channel.resume();
  const args = command.replace(`${ENVIRONMENT} VBoxManage `, '').split(' ');
  const post = request({ host: '127.0.0.1', port, method: 'POST', path: '/vboxmanage' }, (reply) => {
    reply.on('data', (bytes: Buffer) => channel.write(bytes));
    // The command is gone without a word of how it ended.
    reply.on('error', () => channel.close());
    reply.on('end', () => {
      channel.stderr.write(Buffer.from(String(reply.headers['x-stderr'] ?? ''), 'base64'));
      channel.exit(Number(reply.headers['x-exit'] ?? 0));
      channel.end();
    });
  });
  post.on('error', () => channel.close());
  channel.on('close', () => post.destroy());
  post.end(JSON.stringify({ args, env: [], locale: 'C.UTF-8' }));
}

/** A VM that a test makes up. */
export function aVm(at: number, fields: Readonly<Record<string, string | number>> = {}): VmRow {
  const uuid = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  const said: Record<string, string | number> = {
    name: `vm-${at}`,
    groups: '/',
    ostype: 'Debian (64-bit)',
    UUID: uuid,
    hardwareuuid: uuid,
    memory: 1024,
    cpus: 1,
    VMState: 'running',
    VMStateChangeTime: '2026-11-21T08:00:00.000000000',
    ...fields,
    GuestMemoryBalloon: 0,
  };
  return { uuid, machine: Object.entries(said), properties: [] };
}

/** VirtualBox of one user, whose VMs are the test's. */
export class VirtualBoxHost {
  rows: VmRow[] = [];
  /** Actions in the order in which they were asked, with the last digits of the VM they are about. */
  readonly asked: string[] = [];
  readonly runs: VBoxRun[] = [];
  /** In place of an answer, by action or by action and UUID. */
  readonly replies = new Map<string, Reply>();
  warns = true;
  readonly folder = mkdtempSync(path.join(tmpdir(), 'muster-vbox-'));
  readonly #server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const run = runOf({ body: Buffer.concat(chunks).toString('utf8') });
    const { action, uuid } = actionOf(run.args);
    this.runs.push(run);
    this.asked.push(uuid === null ? action : `${action} ${uuid.slice(-2)}`);
    const scripted = this.replies.get(`${action} ${uuid}`) ?? this.replies.get(action);
    if (scripted?.end === 'silent') return;
    const reply = scripted ?? vboxReply(answer(action, uuid, { cpus: 8, memory: 16384 }, this.rows, this.warns));
    response.writeHead(200, reply.headers).end(reply.body);
  });

  static async start(rows: VmRow[]): Promise<VirtualBoxHost> {
    const host = new VirtualBoxHost();
    host.rows = rows;
    await new Promise<void>((resolve) => host.#server.listen(0, '127.0.0.1', resolve));
    writeFileSync(host.program, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' ${host.port} "$@"\n`, {
      mode: 0o755,
    });
    return host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** A program on the PATH of whoever has {@link folder} on it. */
  get program(): string {
    return path.join(this.folder, 'VBoxManage');
  }

  put(row: VmRow): void {
    this.rows = [...this.rows.filter(({ uuid }) => uuid !== row.uuid), row];
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
