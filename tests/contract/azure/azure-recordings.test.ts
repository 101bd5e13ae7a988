import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fleetOf } from '#lib/demo/index.ts';
import { resourceSchema } from '#lib/model/index.ts';
import { azure } from '#providers/azure/index.ts';
import { AZURE_TOKEN, azureCloud } from '#tests/fakes/azure.ts';
import { type FakeRequest, type FakeServer, json, startFake } from '#tests/fakes/server.ts';
import { listCloud, type OpenCloud, openCloud } from '#tests/support/cloud.ts';

const FOLDER = path.join(import.meta.dirname, '../../../../shared/recordings/azure');
const SUB = 'ea42f556-5106-4743-99b0-c129bfa71a47';

interface Row {
  id: string;
  name: string;
  properties: Record<string, unknown>;
}
interface Session {
  interactions: { request: { method: string; uri: string }; response: { body: { data: Row & { value?: Row[] } } } }[];
}

let fake: FakeServer | undefined;
let source: OpenCloud | undefined;
afterEach(async () => {
  await source?.connection.close();
  await fake?.close();
});

const present = existsSync(FOLDER);
const files = present ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];

/** What a session's answers of one kind held, by the end of their path; the last answer to a path wins. */
function recorded(session: Session, pattern: RegExp): Row[] {
  const answers = new Map<string, Row[]>();
  for (const { request, response } of session.interactions) {
    const { pathname } = new URL(request.uri);
    const { data } = response.body;
    if (request.method === 'GET' && pattern.test(pathname)) answers.set(pathname, data.value ?? [data]);
  }
  return [...answers.values()].flat();
}

describe.skipIf(!present)('recorded answers of Azure (skipped where ../shared/recordings is absent)', () => {
  it('there are some', () => {
    expect(files.length).toBeGreaterThan(5);
  });

  it.each(files)('reads every machine of %s through the SDK', async (file) => {
    const session: Session = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));
    const machines = recorded(session, /\/providers\/Microsoft\.Compute\/virtualMachines$/);
    const views = recorded(session, /\/virtualMachines\/[^/]+$/);
    const interfaces = recorded(session, /\/networkInterfaces\/[^/]+$/);
    const sets = recorded(session, /\/virtualMachineScaleSets$/);
    expect(machines.length + sets.length).toBeGreaterThan(0);

    fake = await startFake(azureCloud(), { fleet: fleetOf({ seed: 1, resources: 100 }), now: () => 0 });
    const serve = (action: string, value: Row[], when: (request: FakeRequest) => boolean = () => true) =>
      fake?.script({ when: (r) => r.action === `Microsoft.${action}/read` && when(r), reply: json({ value }) });
    serve('Compute/virtualMachines', views, ({ query }) => query.get('statusOnly') === 'true');
    serve('Compute/virtualMachines', machines);
    serve('Compute/virtualMachineScaleSets', sets);
    serve('Network/networkInterfaces', interfaces);
    const about = { subscriptionId: SUB, tenantId: SUB, managedByTenants: [] };
    fake.script({ when: (r) => r.action === 'Microsoft.Resources/subscriptions/read', reply: json(about) });
    fake.script({ when: () => true, reply: json({ value: [] }) });

    source = await openCloud(azure, { subscriptions: [SUB], endpoint: fake.url, token: AZURE_TOKEN });
    const { rows, unreadable, error } = await listCloud(
      source.connection,
      await source.scope({ part: 'virtual-machines' }),
    );
    expect({ unreadable, error }).toEqual({ unreadable: [], error: null });
    expect(rows.map((row) => row.nativeId)).toEqual(machines.map((machine) => machine.id));
    for (const row of rows) {
      expect(resourceSchema.parse(row)).toBeTruthy();
      expect([row.type, row.image, row.os, row.region]).not.toContain(null);
      expect(row.identities).toContainEqual({ type: 'vm-id', value: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    }
    // The same machine under `TEST_VM` in one answer and `test_vm` in the other.
    if (interfaces.length > 0) expect(rows.flatMap((row) => row.addresses)).toEqual(['10.0.0.4']);
    if (views.length > 0) expect(rows.map((row) => row.state)).toEqual(['running']);

    const inSets = await listCloud(source.connection, await source.scope({ part: 'scale-set-vms' }));
    expect(inSets).toEqual({ rows: [], unreadable: [], error: null, detailErrors: [] });
    const asked = fake.requests.filter(
      (r) => r.action === 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read',
    );
    expect(asked).toHaveLength(sets.length);
  });
});
