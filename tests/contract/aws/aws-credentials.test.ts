import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CANARY } from '#lib/demo/index.ts';
import { awsConfig } from '#providers/aws/config.ts';
import { openCredentials } from '#providers/clouds/aws/credentials.ts';
import { type Permission, ProviderError } from '#providers/contract.ts';
import { ec2Error } from '#tests/fakes/aws.ts';
import { listScopes, read, verdict } from '../adapter/rig.ts';
import { openAws, stubFakeKeys, withRole } from './aws-rig.ts';

stubFakeKeys();

const HOUR = 3_600_000;

describe('credentials of an AWS source', () => {
  it('assume a role once for all regions of an account', async () => {
    const { connect, accounts, count } = await openAws(2000);
    const connection = await connect({ accounts: accounts.map(withRole) });
    const scopes = await listScopes(connection);
    await Promise.all(scopes.map((scope) => read(connection, scope)));
    expect(scopes.length).toBeGreaterThan(accounts.length);
    expect(count('sts:AssumeRole')).toBe(accounts.length);
  });

  it('assume a role again shortly before the last one ends', async () => {
    const { fake, accounts, clock, count } = await openAws();
    const expiration = new Date(clock.now() + HOUR).toISOString();
    fake.script({
      when: (request) => request.action === 'sts:AssumeRole',
      reply: async (_, real) => {
        const reply = await real();
        return { ...reply, body: String(reply.body).replace('2099-01-01T00:00:00Z', expiration) };
      },
    });
    const [id = ''] = accounts;
    const config = awsConfig.parse({ endpoint: fake.url, accounts: [withRole(id)] });
    const credential = openCredentials(config, clock).of(id);
    await Promise.all([credential(), credential()]);
    clock.advance(HOUR - 6 * 60_000);
    await credential();
    expect(count('sts:AssumeRole')).toBe(1);
    clock.advance(2 * 60_000);
    await credential();
    expect(count('sts:AssumeRole')).toBe(2);
  });

  it('are those of the source itself where no account is configured', async () => {
    const { connect, accounts, count } = await openAws();
    const scopes = await listScopes(await connect());
    expect(new Set(scopes.map((scope) => scope.account))).toEqual(new Set([accounts[0]]));
    expect(count('sts:AssumeRole')).toBe(0);
  });

  it('fault 4: that may not assume one role leave the other accounts in sight', async () => {
    const { connect, accounts } = await openAws(2000);
    const [first = '', ...others] = accounts;
    const denied = { ...withRole(first), externalId: 'wrong' };
    const connection = await connect({ accounts: [denied, ...others.map(withRole)] });
    const scopes = await listScopes(connection);
    const whole = scopes.filter(({ part }) => part !== 'discovery');
    expect(new Set(whole.map(({ account }) => account))).toEqual(new Set(others));
    const [unseen, ...more] = scopes.filter(({ part }) => part === 'discovery');
    expect([unseen?.account, more]).toEqual([first, []]);
    if (unseen) expect(verdict(await read(connection, unseen))).toBe('permission');
  });

  it('tell which role cannot be assumed', async () => {
    const { connect, accounts } = await openAws();
    const [id = ''] = accounts;
    const connection = await connect({ accounts: [{ ...withRole(id), externalId: 'wrong' }] });
    const all: Permission[] = [];
    for await (const permission of connection.permissions({ signal: new AbortController().signal }))
      all.push(permission);
    expect(all).toEqual([
      {
        action: 'sts:AssumeRole',
        account: id,
        region: null,
        state: 'denied',
        message: expect.stringContaining('AccessDenied'),
      },
    ]);
  });

  it('fault 100: of another account find no scope', async () => {
    const { connect, cloud } = await openAws();
    cloud.pretend = '999999999999';
    const connection = await connect({ accounts: [{ id: '123456789012' }] });
    await expect(listScopes(connection)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('999999999999'),
    });
  });

  it('fault 7: are read again from their file when they were rotated, without a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'credentials');
    const write = (key: string) => writeFile(file, `[muster]\naws_access_key_id = ${key}\naws_secret_access_key = s\n`);
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    onTestFinished(stubFakeKeys);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    await write('AKIAOLDOLDOLDOLDOLDO');
    const { connect, fake } = await openAws();
    const connection = await connect({ profile: 'muster' });
    const [scope] = await listScopes(connection);
    if (!scope) throw new Error('no scope');
    expect(verdict(await read(connection, scope))).toBe('complete');
    fake.script({
      when: (request) => request.headers.authorization?.includes('AKIAOLD') ?? false,
      reply: ec2Error(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials'),
    });
    expect(verdict(await read(connection, scope))).toBe('auth');
    await write('AKIANEWNEWNEWNEWNEWN');
    expect(verdict(await read(connection, scope))).toBe('complete');
  });

  it('fault 8: that STS cannot check now are checked at the next attempt', async () => {
    const { connect, fake } = await openAws();
    const connection = await connect();
    fake.script({
      when: (request) => request.action.startsWith('sts:'),
      reply: ec2Error(503, 'Unavailable', 'busy'),
      times: 3,
    });
    await expect(listScopes(connection)).rejects.toMatchObject({ kind: 'network' });
    expect((await listScopes(connection)).length).toBeGreaterThan(0);
  });

  it('fault 9: sign with the time of AWS when this machine’s clock is an hour off', async () => {
    const { connect, fake } = await openAws();
    const connection = await connect();
    const ahead = Date.now() + HOUR;
    const wrong = (date: string | string[] | undefined) => {
      const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(date)) ?? [];
      return Math.abs(Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) - ahead) > 5 * 60_000;
    };
    fake.script({
      when: (request) => wrong(request.headers['x-amz-date']),
      reply: ec2Error(400, 'RequestExpired', 'Request has expired.', { date: new Date(ahead).toUTCString() }),
    });
    expect((await listScopes(connection)).length).toBeGreaterThan(0);
  });

  it('fault 81: leave no secret in an error or a log', async () => {
    const { connect, accounts, fake, logs } = await openAws();
    const connection = await connect({ accounts: accounts.map(withRole) });
    fake.script({
      when: (request) => request.action === 'ec2:DescribeRegions',
      reply: (request) => ec2Error(403, 'UnauthorizedOperation', `token=${request.headers['x-amz-security-token']}`),
    });
    const [unseen] = await listScopes(connection);
    if (!unseen) throw new Error('no scope');
    const trial = connection.list(unseen, { signal: new AbortController().signal });
    const error = await Array.fromAsync(trial).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ProviderError);
    expect(String(error)).not.toContain(CANARY);
    expect(logs.join()).not.toContain(CANARY);
    expect(fake.sentCanary).toBe(true);
  });
});

describe('details beside the instances', () => {
  it('fault 5: instance types that are denied cost no row, and no size that is already known', async () => {
    const { connect, fake, clock, logs } = await openAws();
    const denial = ec2Error(403, 'UnauthorizedOperation', 'no');
    const types = (request: { action: string }) => request.action === 'ec2:DescribeInstanceTypes';
    fake.script({ when: types, reply: denial, times: 1 });
    const connection = await connect();
    const [scope] = await listScopes(connection);
    if (!scope) throw new Error('no scope');
    const without = await read(connection, scope);
    expect(verdict(without)).toBe('complete');
    expect([...without.resources.values()].map((row) => row.memory)).toContain(null);
    expect(logs.join()).toContain('detail.unavailable');
    clock.advance(20 * 60_000);
    const sizesOf = async () => [...(await read(connection, scope)).resources.values()].map((row) => row.memory);
    const known = await sizesOf();
    expect(known).not.toContain(null);
    fake.script({ when: types, reply: denial });
    clock.advance(25 * HOUR);
    expect(await sizesOf()).toEqual(known);
  });

  it('asks for each type once a day, over all regions', async () => {
    const { connect, count } = await openAws(2000);
    const connection = await connect();
    const scopes = await listScopes(connection);
    for (const scope of scopes) await read(connection, scope);
    const asked = count('ec2:DescribeInstanceTypes');
    for (const scope of scopes) await read(connection, scope);
    expect(asked).toBeLessThanOrEqual(scopes.length);
    expect(count('ec2:DescribeInstanceTypes')).toBe(asked);
  });
});
