import { expect, test } from 'vitest';
import type { ConfiguredSource } from '#lib/config/sources.ts';
import type { Connection, Permission, Provider } from '#providers/contract.ts';
import { ProviderError } from '#providers/contract.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { FakeCloud } from '#tests/support/fake-cloud.ts';
import { recordingLogger } from '#tests/support/sync-bench.ts';
import { checkSource } from './check.ts';

function check(
  replaced: Partial<Connection>,
  open?: () => Promise<Connection>,
  understood: string[] = [],
  manifest: Partial<Provider> = {},
) {
  const clock = new VirtualClock();
  const cloud = new FakeCloud(clock);
  for (const region of ['eu-west-1', 'eu-west-2']) cloud.scope(region, undefined, '111111111111');
  const source: ConfiguredSource = {
    ...cloud.source,
    provider: { ...cloud.source.provider, ...manifest },
    mock: false,
    understood,
    open: open ?? (async (env) => ({ ...(await cloud.source.open(env)), ...replaced })),
  };
  const environment = (id: string) => ({ source: id, log: recordingLogger([]), clock, random: () => 0.5 });
  return clock.run(checkSource(source, { clock, environment }));
}

const permissions = (...found: Permission[]): Partial<Connection> => ({
  async *permissions() {
    yield* found;
  },
});

test('says what it understood, what it would list and that every call is allowed', async () => {
  const allowed = { action: 'vm:List', account: '1', region: null, state: 'allowed', message: null } as const;
  const { lines, ok } = await check(permissions(allowed, { ...allowed, account: '2' }), undefined, [
    'accounts: 2 entries',
  ]);
  expect(lines).toEqual([
    'prod: Fake, every 5 min',
    '  accounts: 2 entries',
    '  finds 2 scopes: 111111111111 eu-west-1, 111111111111 eu-west-2',
    '  vm:List: allowed (1, 2)',
  ]);
  expect(ok).toBe(true);
});

test('names each line of the policy that is missing, once, and the accounts', async () => {
  const denied = (account: string): Permission => ({
    action: 'vm:List',
    account,
    region: null,
    state: 'denied',
    message: 'not authorised',
  });
  const { lines, ok } = await check(permissions(denied('1'), denied('2')));
  expect(lines.slice(2)).toEqual([
    '  vm:List: denied (1, 2): not authorised',
    '  missing from the policy (see providers/fake/README.md):',
    '    vm:List',
  ]);
  expect(ok).toBe(false);
});

test('prints the policy that is missing so that it can be pasted, and the places of every denial', async () => {
  const denied = (account: string, region: string | null = null): Permission => ({
    action: 'vm:List',
    account,
    region,
    state: 'denied',
    message: 'not authorised',
  });
  const accounts = Array.from({ length: 12 }, (_, i) => denied(String(i)));
  const { lines, ok } = await check(permissions(...accounts, denied('0', 'eu-south-1')), undefined, [], {
    policy: (actions) => ({ format: 'json', text: `{\n  "allow": "${actions.join()}"\n}\n` }),
  });
  expect(lines.slice(2)).toEqual([
    '  vm:List: denied (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 2 more): not authorised',
    '  vm:List: denied (0 eu-south-1): not authorised',
    '  missing from the policy (see providers/fake/README.md):',
    '',
    '{',
    '  "allow": "vm:List"',
    '}',
    '',
  ]);
  expect(ok).toBe(false);
});

test('a region that is denied where its account is not lacks no policy', async () => {
  const found: Permission = { action: 'vm:List', account: '1', region: null, state: 'allowed', message: null };
  const { lines, ok } = await check(permissions(found, { ...found, region: 'eu-south-1', state: 'denied' }));
  expect(lines.slice(2)).toEqual([
    '  vm:List: allowed (1)',
    '  vm:List: denied (1 eu-south-1)',
    "  single regions are denied from above the account: look at the organisation's policies for them",
  ]);
  expect(ok).toBe(true);
});

test('a discovery that is not allowed is explained by the permissions', async () => {
  const found: Permission = { action: 'org:List', account: 'prod', region: null, state: 'denied', message: 'no' };
  const { lines, ok } = await check({
    ...permissions(found),
    async *scopes() {
      yield* [];
      throw new ProviderError('permission', 'prod', 'not allowed to list the accounts');
    },
  });
  expect(lines.slice(1)).toEqual([
    '  cannot be read: prod: not allowed to list the accounts',
    '  finds 0 scopes',
    '  org:List: denied (prod): no',
    '  missing from the policy (see providers/fake/README.md):',
    '    org:List',
  ]);
  expect(ok).toBe(false);
});

test('what was tried before a failure is said', async () => {
  const found: Permission = { action: 'vm:List', account: '1', region: null, state: 'allowed', message: null };
  const { lines, ok } = await check({
    async *permissions() {
      yield found;
      throw new ProviderError('timeout', '2', 'no answer');
    },
  });
  expect(lines.slice(2)).toEqual(['  its permissions could not all be tried: 2: no answer', '  vm:List: allowed (1)']);
  expect(ok).toBe(false);
});

test.each([
  ['beside one that is allowed is no fault of the configuration', ['allowed', 'unknown'], true],
  ['is one where no other came through: the source reads nothing', ['unknown', 'unknown'], false],
] as const)('a call that could not be tried %s', async (_, states, fine) => {
  const tried = states.map((state, i) => ({
    action: `call ${i}`,
    account: '1',
    region: null,
    state,
    message: state === 'allowed' ? null : 'answered 401: Unauthorized',
  }));
  expect((await check(permissions(...tried))).ok).toBe(fine);
});

test.each([
  [
    'refused',
    async () => {
      throw new ProviderError('config', 'prod', 'the credential belongs to account 2');
    },
    'prod: the credential belongs to account 2',
  ],
  [
    'broken',
    async () => {
      throw new TypeError('canary');
    },
    'prod: unexpected failure (TypeError)',
  ],
  ['hanging', () => new Promise<never>(() => {}), 'prod: not finished within 60 s'],
])('a source that is %s says why, without foreign text', async (_what, open, line) => {
  const { lines, ok } = await check({}, open);
  expect(lines[1]).toContain(`  cannot be read: ${line}`);
  expect(lines.join()).not.toContain('canary');
  expect(ok).toBe(false);
});
