import { onTestFinished } from 'vitest';
import { type Batch, drain, type Listing, type Resource, type Scope } from '#lib/model/index.ts';
import { type Clock, type Connection, type OwnMachine, ProviderError } from '#providers/contract.ts';
import { virtualbox } from '#providers/virtualbox/index.ts';
import type { VmRow } from '#providers/virtualbox/mock/wire.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { VirtualBoxHost } from '#tests/fakes/virtualbox.ts';

export const calm = () => ({ signal: new AbortController().signal });

/** A source as an operator writes it; closed with the test. */
export async function openVirtualBox(
  config: object,
  clock: Clock = testClock(),
  machine: OwnMachine | null = null,
): Promise<Connection> {
  const adapter = await virtualbox.load();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const environment = { source: 'lab', clock, log, random: () => 0.5, machine: () => machine };
  const connection = await adapter.open(virtualbox.config.parse(config), environment);
  onTestFinished(() => connection.close());
  return connection;
}

/** VirtualBox here, behind a program of the test, and a source that runs it. */
export async function virtualBoxHere(rows: VmRow[], clock?: Clock) {
  const host = await VirtualBoxHost.start(rows);
  onTestFinished(() => host.close());
  const connection = await openVirtualBox({ vboxManage: host.program, hostname: 'laptop.example' }, clock);
  return { host, connection, ...(await scopesOf(connection)) };
}

export async function scopesOf(connection: Connection): Promise<{ machine: Scope; vms: Scope }> {
  const [machine, vms] = await Array.fromAsync(connection.scopes(calm()));
  if (machine?.part !== 'host' || vms?.part !== 'vms')
    throw new Error('expected a scope of the host and one of its VMs');
  return { machine, vms };
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
