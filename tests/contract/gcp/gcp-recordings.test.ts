import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fleetOf } from '#lib/demo/index.ts';
import { resourceSchema } from '#lib/model/index.ts';
import { gcp } from '#providers/gcp/index.ts';
import { GCP_TOKEN, gcpCloud } from '#tests/fakes/gcp.ts';
import { type FakeServer, json, startFake } from '#tests/fakes/server.ts';
import { listCloud, type OpenCloud, openCloud } from '#tests/support/cloud.ts';

const FOLDER = path.join(import.meta.dirname, '../../../../shared/recordings/gcp');
const PROJECT = 'cloud-custodian';
const SIZES = [
  { name: 'e2-micro', guestCpus: 2, memoryMb: 1024 },
  { name: 'e2-medium', guestCpus: 2, memoryMb: 4096 },
  { name: 'f1-micro', guestCpus: 1, memoryMb: 614 },
  { name: 'n1-standard-1', guestCpus: 1, memoryMb: 3840 },
  { name: 'n1-standard-2', guestCpus: 2, memoryMb: 7680 },
];

interface Recorded {
  body: {
    items: Record<
      string,
      { instances?: { id: string; status: string; metadata?: { items?: { value?: string }[] } }[] }
    >;
  };
}

let fake: FakeServer | undefined;
let source: OpenCloud | undefined;
afterEach(async () => {
  await source?.connection.close();
  await fake?.close();
});

const present = existsSync(FOLDER);
const files = present ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];

describe.skipIf(!present)('recorded answers of Compute Engine (skipped where ../shared/recordings is absent)', () => {
  it('there are some', () => {
    expect(files.length).toBeGreaterThan(10);
  });

  it.each(files)('reads every instance of %s over the wire', async (file) => {
    const { body }: Recorded = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));
    fake = await startFake(gcpCloud(), { fleet: fleetOf({ seed: 1, resources: 100 }), now: () => 0 });
    fake.script({ when: ({ action }) => action === 'compute.instances.list', reply: json(body) });
    const types = { id: `projects/${PROJECT}/aggregated/machineTypes`, items: { 'zones/a': { machineTypes: SIZES } } };
    fake.script({ when: ({ action }) => action === 'compute.machineTypes.list', reply: json(types) });
    source = await openCloud(gcp, { projects: [PROJECT], endpoint: fake.url, token: GCP_TOKEN });
    const { rows, unreadable, error } = await listCloud(source.connection, await source.scope());

    const recorded = Object.values(body.items).flatMap((zone) => zone.instances ?? []);
    expect({ unreadable, error }).toEqual({ unreadable: [], error: null });
    expect(rows.map((row) => row.nativeId)).toEqual(recorded.map((instance) => instance.id));
    expect(rows.map((row) => row.nativeState)).toEqual(recorded.map((instance) => instance.status));
    const text = JSON.stringify(rows);
    for (const row of rows) {
      expect(resourceSchema.parse(row)).toBeTruthy();
      expect(row.state).not.toBe('unknown');
      // One recording has its addresses blanked, machine type included.
      if (row.type) expect([row.vcpus, row.memory]).not.toContain(null);
    }
    for (const { value } of recorded.flatMap((instance) => instance.metadata?.items ?? []))
      if (value && value.length > 12) expect(text).not.toContain(JSON.stringify(value).slice(1, -1));
  });
});
