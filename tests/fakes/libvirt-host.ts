import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { DomainObject, DomainRow } from '#providers/libvirt/mock/wire.ts';
import { answerVirsh, commandsOf, type VirshRun, type World } from './libvirt.ts';
import type { Reply } from './server.ts';

export const HOST_UUID = '11111111-2222-4333-8444-555555555555';

/** A domain that a test makes up. */
export function aDomain(
  at: number,
  fields: Partial<Pick<DomainRow, 'state' | 'reason'>> & { name?: string } = {},
): DomainRow {
  const uuid = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  const { name = `domain-${at}`, state = 'running', reason = 'booted' } = fields;
  const domain: DomainObject = {
    '@type': 'kvm',
    name,
    uuid,
    metadata: { 'muster:tags': { '@xmlns:muster': 'https://muster.example/1', 'muster:tag': [] } },
    memory: { '@unit': 'KiB', '#text': '1048576' },
    vcpu: '1',
  };
  return { uuid, state, reason, leases: [], domain };
}

/** A hypervisor behind the fake virsh, whose domains and events are the test's. */
export class LibvirtHost implements World {
  capabilities = `<capabilities><host><uuid>${HOST_UUID}</uuid></host></capabilities>`;
  hostname = 'hyper-1';
  nodeinfo = 'CPU(s):              8\nMemory size:         16777216 KiB\n\n';
  nodememstats?: string;
  rows: DomainRow[] = [];
  readonly failing = new Map<string, string>();
  /** First command of each process, in the order in which they asked. */
  readonly started: string[] = [];
  /** Domains that were described, one entry a process. */
  readonly described: number[] = [];
  /** Called before a process describes domains. */
  onDescribe: (() => void) | null = null;
  /** UUIDs whose description fails although they are listed. */
  readonly unreadable = new Set<string>();
  /** What `virsh event` says in place of waiting. */
  refuseEvents: Reply | null = null;
  /** True while nobody answers. */
  killed = false;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #listeners: ServerResponse[] = [];
  #port = 0;

  static async start(rows: DomainRow[]): Promise<LibvirtHost> {
    const host = new LibvirtHost();
    host.rows = rows;
    await new Promise<void>((resolve) => host.#server.listen(0, '127.0.0.1', resolve));
    const address = host.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    host.#port = address.port;
    return host;
  }

  get uri(): string {
    return `qemu+tcp://127.0.0.1:${this.#port}/system`;
  }

  /** Processes that wait for events now. */
  get listening(): number {
    return this.#listeners.length;
  }

  /** Replaces a domain, or adds it. */
  put(row: DomainRow): void {
    this.rows = [...this.rows.filter(({ uuid }) => uuid !== row.uuid), row];
  }

  /** The driver does not have these functions, as VMware's knows nothing of its host. */
  lack(functions: Readonly<Record<string, string>>): void {
    for (const [command, name] of Object.entries(functions))
      this.failing.set(command, `this function is not supported by the connection driver: ${name}`);
  }

  emit(name: string, what = 'Started Booted'): void {
    this.print(`2026-11-21 09:00:00.000+0000: event 'lifecycle' for domain '${name}': ${what}\n`);
  }

  print(text: string): void {
    for (const listener of this.#listeners) listener.write(text);
  }

  /** Ends the processes that wait for events, as when their time is over. */
  endEvents(): void {
    for (const listener of this.#listeners) listener.end('event loop timed out\nevents received: 0\n\n');
  }

  /** The daemon is killed: whoever is connected loses it, and nobody gets a connection. */
  kill(): void {
    this.killed = true;
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (this.killed) return void response.destroy();
    const run: VirshRun = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const commands = commandsOf(run);
    const listens = commands.some((command) => command.startsWith('event '));
    const described = commands.filter((command) => command.startsWith('dumpxml ')).length;
    this.started.push(listens ? 'event' : described > 0 ? 'describe' : commands.includes('nodeinfo') ? 'host' : 'list');
    if (described > 0) {
      this.described.push(described);
      this.onDescribe?.();
    }
    if (listens && !this.refuseEvents) {
      this.#listeners.push(response);
      response.on('close', () => {
        this.#listeners = this.#listeners.filter((other) => other !== response);
      });
      response.writeHead(200).write(`${this.uri}\n\n`);
      return;
    }
    const reply = listens && this.refuseEvents ? this.refuseEvents : answerVirsh(run, this, this.unreadable);
    response.writeHead(200, reply.headers).end(reply.body);
  }
}
