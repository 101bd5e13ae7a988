import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drain, type Scope } from '#lib/model/index.ts';
import { openReadStore, openWriteStore } from '#lib/store/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { plainWorld } from '#tests/fakes/openstack-world.ts';
import type { OpenCloud } from '#tests/support/cloud.ts';
import { openstackRig } from '#tests/support/openstack-rig.ts';

const MINUTE = 60_000;

function storePath(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-openstack-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'muster.db');
}

/** Registers what was discovered and lists it, as the collector does. */
async function collect(file: string, source: OpenCloud, scopes: readonly Scope[], at: number): Promise<void> {
  const store = await openWriteStore(file, { clock: { now: () => at } });
  try {
    await store.registerScopes('s', scopes, { interval: 5 * MINUTE, at });
    for (const scope of scopes) {
      const batches = source.connection.list(scope, { signal: new AbortController().signal });
      const listing = await drain(scope, batches, (error) => {
        if (error instanceof ProviderError) return { kind: error.kind, message: error.message };
        throw error;
      });
      await store.commit(listing, { generation: await store.nextGeneration(scope.id), at, limit: () => 0 });
    }
  } finally {
    await store.close();
  }
}

async function content(file: string) {
  const store = await openReadStore(file);
  try {
    const rows = [];
    for await (const chunk of store.scan(1000)) rows.push(...chunk.map((row) => row.resource));
    return { rows, changes: await store.changes({ limit: 1000 }) };
  } finally {
    await store.close();
  }
}

const world = plainWorld(40, 4);

describe('what the store keeps of OpenStack', () => {
  it('loses no row when the right to see all projects is lost, nor when it comes back', async () => {
    const { cloud, open } = await openstackRig({}, world);
    const source = await open();
    const file = storePath();
    await collect(file, source, await source.scopes(), 0);
    const before = await content(file);
    expect(before.rows).toHaveLength(44);

    // The one user is in the projects 1 and 2 only: what it can no longer see stays under the scope that is gone.
    const all = await source.scopes();
    cloud.allTenants = false;
    await collect(file, source, all, MINUTE);
    expect((await content(file)).rows).toHaveLength(44);
    cloud.world = { ...world, projects: world.projects.slice(0, 2) };
    const each = await source.scopes();
    expect(each.filter(({ part }) => part === 'servers')).toHaveLength(2);
    await collect(file, source, each, 2 * MINUTE);
    const during = await content(file);
    expect(during.rows.map((row) => row.uid).sort()).toEqual(before.rows.map((row) => row.uid).sort());
    expect(during.rows.filter((row) => row.scope.startsWith('s/*/RegionOne/servers'))).toHaveLength(20);

    cloud.world = world;
    cloud.allTenants = true;
    await collect(file, source, await source.scopes(), 3 * MINUTE);
    const after = await content(file);
    expect(after.rows.map((row) => [row.uid, row.scope]).sort()).toEqual(
      before.rows.map((row) => [row.uid, row.scope]).sort(),
    );
    expect(JSON.stringify(after.changes)).not.toContain('disappeared');
  });

  it('keeps what it knew of servers whose cell is down, and says that their state is unknown', async () => {
    const { fake, open } = await openstackRig({}, world);
    const source = await open();
    const file = storePath();
    const scopes = await source.scopes();
    await collect(file, source, scopes, 0);
    const before = new Map((await content(file)).rows.map((row) => [row.uid, row]));
    fake.rewrite = (rows) =>
      rows.map((row, i) => {
        const { id, tenant_id, created } = row as Record<string, unknown>;
        return i % 2 === 0 ? row : { id, tenant_id, created, status: 'UNKNOWN', links: [] };
      });
    await collect(file, source, scopes, MINUTE);
    const { rows } = await content(file);
    const down = rows.filter((row) => row.state === 'unknown');
    expect(rows).toHaveLength(44);
    expect(down).toHaveLength(20);
    for (const row of down) {
      const known = before.get(row.uid);
      expect(row).toEqual({ ...known, state: 'unknown', nativeState: 'UNKNOWN', identities: expect.anything() });
      const sorted = (identities: typeof row.identities) =>
        identities.map(({ type, value }) => `${type} ${value}`).sort();
      expect(sorted(row.identities)).toEqual(sorted(known?.identities ?? []));
    }
  });
});
