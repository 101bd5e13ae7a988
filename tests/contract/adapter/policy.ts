import { expect, it } from 'vitest';
import type { Permission } from '#providers/contract.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { calm, listScopes, openRig, read } from './rig.ts';

export function policyTests<C, Row>(c: AdapterCase<C, Row>): void {
  it('fault 36: makes exactly the calls that its policy names', async () => {
    const { fake, connect } = await openRig(c);
    const connection = await connect();
    for (const scope of await listScopes(connection)) await read(connection, scope);
    for await (const _ of connection.permissions(calm()));
    const made = new Set(fake.requests.map((request) => request.action));
    const expected = c.policy.filter((action) => !(action in (c.unusedActions ?? {})));
    expect([...made].sort()).toEqual([...expected].sort());
  });

  it('tells which permissions it has', async () => {
    const { fake, connection, subject, listRequests } = await openRig(c);
    await read(connection, subject);
    const action = listRequests()[0]?.action;
    const all = await permissionsOf(connection);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter((permission) => permission.state !== 'allowed')).toEqual([]);
    for (const permission of all) expect(c.policy).toContain(permission.action);
    fake.script({ when: (request) => request.action === action, reply: c.replies.denied() });
    const denied = (await permissionsOf(connection)).filter((permission) => permission.state === 'denied');
    expect(denied.length).toBeGreaterThan(0);
    for (const permission of denied) expect(permission.message).toBeTruthy();
  });
}

async function permissionsOf(connection: { permissions(call: ReturnType<typeof calm>): AsyncIterable<Permission> }) {
  const all: Permission[] = [];
  for await (const permission of connection.permissions(calm())) all.push(permission);
  return all;
}
