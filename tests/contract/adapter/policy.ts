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
    const { fake, connection, subject } = await openRig(c);
    const all = await permissionsOf(connection);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter((permission) => permission.state !== 'allowed')).toEqual([]);
    for (const permission of all) expect(c.policy).toContain(permission.action);
    fake.script({ when: (request) => c.isListOf(subject, request), reply: c.replies.denied() });
    const denied = await permissionsOf(connection);
    expect(denied.some((permission) => permission.state === 'denied' && permission.message)).toBe(true);
  });
}

async function permissionsOf(connection: { permissions(call: ReturnType<typeof calm>): AsyncIterable<Permission> }) {
  const all: Permission[] = [];
  for await (const permission of connection.permissions(calm())) all.push(permission);
  return all;
}
