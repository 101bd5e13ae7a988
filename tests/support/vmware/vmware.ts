import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Batch, drain, type Listing, type Resource, type Scope } from '#lib/model/index.ts';
import { type Clock, type Connection, type OwnMachine, ProviderError } from '#providers/contract.ts';
import { vmwareWorkstation } from '#providers/vmware-workstation/index.ts';
import { testClock } from '#tests/fakes/clock.ts';

/** A folder of one test. */
export function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-vmware-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A source as an operator writes it; closed with the test. */
export async function openWorkstation(
  config: object,
  { clock = testClock(), machine = null }: { clock?: Clock; machine?: OwnMachine | null } = {},
): Promise<Connection> {
  const adapter = await vmwareWorkstation.load();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const env = { source: 'desk', clock, log, random: () => 0.5, machine: () => machine };
  const connection = await adapter.open(vmwareWorkstation.config.parse(config), env);
  onTestFinished(() => connection.close());
  return connection;
}

export const calm = () => ({ signal: new AbortController().signal });

export async function scopesOf(connection: Connection): Promise<{ host: Scope; vms: Scope }> {
  const [host, vms] = await Array.fromAsync(connection.scopes(calm()));
  if (host?.part !== 'host' || vms?.part !== 'vms') throw new Error('expected a scope of the host and one of its VMs');
  return { host, vms };
}

export function listed(batches: AsyncIterable<Batch>, scope: Scope): Promise<Listing> {
  return drain(scope, batches, (error) => {
    if (error instanceof ProviderError) return { kind: error.kind, message: error.message };
    throw error;
  });
}

/** By name. */
export const byName = (listing: Listing): Map<string, Resource> =>
  new Map([...listing.resources.values()].map((row) => [row.name, row]));

/** Writes a .vmx into a folder of its name. @returns its path */
export function writeVmx(folder: string, name: string, content: string | Buffer): string {
  const file = path.join(folder, name, `${name}.vmx`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A library of these VMs, as Workstation writes it. */
export function writeLibrary(folder: string, files: readonly string[]): string {
  const library = path.join(folder, 'inventory.vmls');
  const lines = files.flatMap((file, at) => [
    `vmlist${at + 1}.config = "${file}"`,
    `vmlist${at + 1}.DisplayName = "in the library ${at + 1}"`,
    `vmlist${at + 1}.State = "normal"`,
  ]);
  writeFileSync(library, ['.encoding = "UTF-8"', ...lines, 'vmlist99.config = ""', ''].join('\n'));
  return library;
}
