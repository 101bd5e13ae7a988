import { describe, expect, it } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import policy from '#providers/aws/permissions-organization.json' with { type: 'json' };
import { type Connection, UnseenAccounts } from '#providers/contract.ts';
import { ec2Error, organizationsError, signatureOf } from '#tests/fakes/aws.ts';
import { listScopes, read, verdict } from '../adapter/rig.ts';
import { openAws, stubFakeKeys } from './aws-rig.ts';

stubFakeKeys();

const organization = { role: 'MusterReadOnly', externalId: 'external-id-of-the-test' };
const accountsOf = (scopes: readonly Scope[]) => [...new Set(scopes.map(({ account }) => account))].sort();
const call = () => ({ signal: new AbortController().signal });

/** What a discovery that fails at its end has found. */
async function discover(connection: Connection): Promise<{ scopes: Scope[]; error: unknown }> {
  const scopes: Scope[] = [];
  try {
    for await (const scope of connection.scopes(call())) scopes.push(scope);
    return { scopes, error: null };
  } catch (error) {
    return { scopes, error };
  }
}

describe('an AWS organisation', () => {
  it('is read account by account without naming one, with the role everywhere but in the account of the credential', async () => {
    const { connect, accounts, fake, count } = await openAws(8000);
    const connection = await connect({ organization });
    const scopes = await listScopes(connection);
    expect(accounts.length).toBeGreaterThan(2);
    expect(accountsOf(scopes)).toEqual([...accounts].sort());
    expect(count('organizations:ListAccounts')).toBe(Math.ceil(accounts.length / 2));
    expect(count('sts:AssumeRole')).toBe(accounts.length - 1);
    for (const scope of scopes) expect(verdict(await read(connection, scope))).toBe('complete');
    const asked = fake.requests.filter(({ action }) => action === 'ec2:DescribeInstances').map(signatureOf);
    expect(asked.some(({ account }) => account === null)).toBe(true);
  });

  it('leaves out what is suspended and what the configuration excludes', async () => {
    const { connect, accounts, cloud } = await openAws(8000);
    const [, second = '', third = '', ...rest] = accounts;
    cloud.suspended = [second];
    const connection = await connect({ organization: { ...organization, exclude: [third] } });
    expect(accountsOf(await listScopes(connection))).toEqual([accounts[0] ?? '', ...rest].sort());
  });

  it('is asked for its accounts once an hour, however often regions are looked for', async () => {
    const { connect, clock, count } = await openAws();
    const connection = await connect({ organization });
    await listScopes(connection);
    const once = count('organizations:ListAccounts');
    await listScopes(connection);
    expect(count('organizations:ListAccounts')).toBe(once);
    clock.advance(61 * 60_000);
    await listScopes(connection);
    expect(count('organizations:ListAccounts')).toBe(2 * once);
  });

  it('that denies ListAccounts fails the discovery with that name, and finds nothing', async () => {
    const { connect, fake } = await openAws();
    fake.script({
      when: ({ action }) => action === 'organizations:ListAccounts',
      reply: organizationsError('AccessDeniedException', 'not authorized to perform: organizations:ListAccounts'),
    });
    const connection = await connect({ organization });
    const { scopes, error } = await discover(connection);
    expect(scopes).toEqual([]);
    expect(error).toMatchObject({ kind: 'permission', message: expect.stringContaining('organizations:ListAccounts') });
    expect(error).not.toBeInstanceOf(UnseenAccounts);
    const [first] = await Array.fromAsync(connection.permissions(call()));
    expect(first).toMatchObject({ action: 'organizations:ListAccounts', state: 'denied' });
    expect(policy.Statement.flatMap(({ Action }) => Action)).toEqual([first?.action]);
  });

  it('a credential outside of an organisation is a mistake of the configuration', async () => {
    const { connect, fake } = await openAws();
    fake.script({
      when: ({ action }) => action === 'organizations:ListAccounts',
      reply: organizationsError(
        'AWSOrganizationsNotInUseException',
        'Your account is not a member of an organization.',
      ),
    });
    const { error } = await discover(await connect({ organization }));
    expect(error).toMatchObject({ kind: 'config' });
  });

  it('fault 4: an account whose role is missing is named, and keeps nobody from the others', async () => {
    const { connect, accounts, fake } = await openAws(8000);
    const [, second = '', ...others] = accounts;
    fake.script({
      when: ({ action, body }) => action === 'sts:AssumeRole' && body.includes(second),
      reply: (_, real) => Promise.resolve(real()).then((reply) => ({ ...reply, status: 403, body: DENIED })),
    });
    const connection = await connect({ organization });
    const scopes = await listScopes(connection);
    expect(accountsOf(scopes)).toEqual([...accounts].sort());
    const unseen = scopes.filter(({ account }) => account === second);
    expect(unseen).toMatchObject([{ part: 'discovery', region: null, label: second }]);
    expect(others.length).toBeGreaterThan(0);
    if (unseen[0]) expect(verdict(await read(connection, unseen[0]))).toBe('permission');
    // What was known of it from before stays, and says why it cannot be listed.
    const region = { ...scopes[0], account: second, region: 'eu-west-1', part: 'instances', id: 'known' } as Scope;
    const again = await Array.fromAsync(connection.scopes({ ...call(), known: [region] }));
    expect(again.filter(({ account }) => account === second)).toEqual([region]);
    expect(verdict(await read(connection, region))).toBe('permission');
  });

  it('an account that can be looked into again ends its trial, so that its regions are found', async () => {
    const { connect, accounts, fake } = await openAws(8000);
    const [, second = ''] = accounts;
    fake.script({
      when: ({ action, body }) => action === 'sts:AssumeRole' && body.includes(second),
      reply: (_, real) => Promise.resolve(real()).then((reply) => ({ ...reply, status: 403, body: DENIED })),
      times: 1,
    });
    const connection = await connect({ organization });
    const unseen = (await listScopes(connection)).find(({ part }) => part === 'discovery');
    if (!unseen) throw new Error('every account was seen');
    const tried = await read(connection, unseen);
    expect([verdict(tried), tried.resources.size]).toEqual(['complete', 0]);
    expect((await listScopes(connection)).some(({ part }) => part === 'discovery')).toBe(false);
  });

  it('a region that a policy of the organisation denies is denied, not empty', async () => {
    const { connect, fake } = await openAws(2000);
    const connection = await connect({ organization });
    const [scope] = await listScopes(connection);
    if (!scope) throw new Error('no scope');
    fake.script({
      when: (request) => request.action === 'ec2:DescribeInstances' && signatureOf(request).region === scope.region,
      reply: ec2Error(403, 'UnauthorizedOperation', 'with an explicit deny in a service control policy'),
    });
    expect(verdict(await read(connection, scope))).toBe('permission');
  });

  it('takes a role for the list alone where the credential is no administrator of the organisation', async () => {
    const { connect, accounts, fake } = await openAws(2000);
    const [own = '', other = ''] = accounts;
    const managementRoleArn = `arn:aws:iam::${other || own}:role/MusterReadOnly`;
    fake.script({
      when: ({ action, body }) => action === 'sts:AssumeRole' && !body.includes('ExternalId'),
      reply: async (request, real) => {
        request.body += '&ExternalId=external-id-of-the-test';
        return real();
      },
    });
    await listScopes(await connect({ organization: { ...organization, managementRoleArn } }));
    const listing = fake.requests.find(({ action }) => action === 'organizations:ListAccounts');
    if (!listing) throw new Error('no listing');
    expect(signatureOf(listing).account).toBe(other || own);
  });
});

const DENIED =
  '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error><RequestId>9</RequestId></ErrorResponse>';
