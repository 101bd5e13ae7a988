import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { XMLBuilder } from 'fast-xml-parser';
import { onTestFinished } from 'vitest';
import { type Batch, drain, type Listing, type Resource, type Scope } from '#lib/model/index.ts';
import { type Clock, type Connection, ProviderError } from '#providers/contract.ts';
import { libvirt } from '#providers/libvirt/index.ts';
import { testClock } from '#tests/fakes/clock.ts';

/** virDomainState by its number, in virsh's words. */
export const STATE_WORDS = [
  'no state',
  'running',
  'idle',
  'paused',
  'in shutdown',
  'shut off',
  'crashed',
  'pmsuspended',
] as const;

const NAMES = ['plain', 'with spaces', 'ünï-cödé', '日本語', 'q"uo\'te', '<tag>&amp;', '🚀 launch', 'shut off'];

export const nameAt = (at: number): string => `${NAMES[at % NAMES.length]} ${at}`;
export const uuidAt = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;

/** A folder of one test. */
export function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-libvirt-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file for libvirt's test driver: domains in every state, with names as people give them. Returns the URI. */
export function testNode(folder: string, count: number): string {
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
  const domain = Array.from({ length: count }, (_, at) => ({
    '@type': 'test',
    '@xmlns:test': 'http://libvirt.org/schemas/domain/test/1.0',
    name: nameAt(at),
    uuid: uuidAt(at),
    ...(at % 3 === 0 ? { title: `Title of ${nameAt(at)}` } : {}),
    metadata: {
      'muster:tags': {
        '@xmlns:muster': 'https://muster.example/1',
        'muster:tag': { '@key': 'rack', '#text': `r${at % 7}` },
      },
    },
    memory: { '@unit': 'MiB', '#text': String(512 + at) },
    vcpu: String(1 + (at % 4)),
    os: { type: 'hvm' },
    devices: {
      disk: {
        '@type': 'file',
        '@device': 'disk',
        source: { '@file': `/images/${at}.qcow2` },
        target: { '@dev': 'vda' },
      },
      interface: {
        '@type': 'network',
        mac: {
          '@address': `52:54:00:${[at >> 16, at >> 8, at].map((n) => (n & 255).toString(16).padStart(2, '0')).join(':')}`,
        },
        source: { '@network': 'default' },
      },
    },
    'test:runstate': String(at % STATE_WORDS.length),
  }));
  const file = path.join(folder, 'node.xml');
  writeFileSync(file, builder.build({ node: { domain } }));
  return `test://${file}`;
}

/** A shell script in place of virsh. */
export function program(folder: string, script: string): string {
  const file = path.join(folder, 'virsh');
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

/** A source as an operator writes it; closed with the test. */
export async function openLibvirt(config: object, clock: Clock = testClock()): Promise<Connection> {
  const adapter = await libvirt.load();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const connection = await adapter.open(libvirt.config.parse(config), { source: 'lab', clock, log, random: () => 0.5 });
  onTestFinished(() => connection.close());
  return connection;
}

export const calm = () => ({ signal: new AbortController().signal });

export async function scopesOf(connection: Connection): Promise<{ host: Scope; domains: Scope }> {
  const scopes: Scope[] = [];
  for await (const scope of connection.scopes(calm())) scopes.push(scope);
  const [host, domains] = scopes;
  if (host?.part !== 'host' || domains?.part !== 'domains')
    throw new Error('expected a scope of the host and one of its domains');
  return { host, domains };
}

export function listed(batches: AsyncIterable<Batch>, scope: Scope): Promise<Listing> {
  return drain(scope, batches, (error) => {
    if (error instanceof ProviderError) return { kind: error.kind, message: error.message };
    throw error;
  });
}

/** In the order of their ids. */
export const sorted = (listing: Listing): Resource[] =>
  [...listing.resources.values()].sort((a, b) => (a.nativeId < b.nativeId ? -1 : 1));
