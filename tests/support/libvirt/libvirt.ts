import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Batch, drain, type Listing, type Resource, type Scope } from '#lib/model/index.ts';
import { type Clock, type Connection, ProviderError } from '#providers/contract.ts';
import { libvirt } from '#providers/libvirt/index.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { silentLogger as log } from '#tests/support/log.ts';

/** A folder of one test. */
export function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-libvirt-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
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
  const connection = await adapter.open(libvirt.config.parse(config), { source: 'lab', clock, log, random: () => 0.5 });
  onTestFinished(() => connection.close());
  return connection;
}

export const calm = () => ({ signal: new AbortController().signal });

export async function scopesOf(connection: Connection): Promise<{ host: Scope; domains: Scope }> {
  const scopes: Scope[] = [];
  for await (const scope of connection.scopes(calm())) scopes.push(scope);
  const [host, domains] = scopes;
  if (host?.part !== 'host' || !domains?.part.startsWith('domains'))
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
