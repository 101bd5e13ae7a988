import { expect, it } from 'vitest';
import { ec2Error, signatureOf } from '#tests/fakes/aws.ts';
import { openAws, stubFakeKeys, withRole } from './aws-rig.ts';

stubFakeKeys();

const call = () => ({ signal: new AbortController().signal });

it('names each region that is denied, and lists in no region but one unless it is asked to', async () => {
  const { connect, accounts, fake, count } = await openAws();
  const [account = ''] = accounts;
  const connection = await connect({ accounts: [withRole(account)], regions: undefined });
  const cheap = await Array.fromAsync(connection.permissions(call()));
  const [home, ...more] = fake.requests.filter(({ action }) => action === 'ec2:DescribeInstances').map(signatureOf);
  expect(more).toEqual([]);
  expect(cheap.every(({ region }) => region === null)).toBe(true);
  const scopes = await Array.fromAsync(connection.scopes(call()));
  const region = scopes.map((scope) => scope.region).find((name) => name !== home?.region);
  fake.script({
    when: (request) => request.action === 'ec2:DescribeInstances' && signatureOf(request).region === region,
    reply: ec2Error(403, 'UnauthorizedOperation', 'with an explicit deny in a service control policy'),
  });
  const before = count('ec2:DescribeInstances');
  const all = await Array.fromAsync(connection.permissions({ ...call(), everyRegion: true }));
  const asked = fake.requests.filter(({ action }) => action === 'ec2:DescribeInstances').slice(before);
  const regions = asked.map((request) => signatureOf(request).region);
  expect(regions.length).toBeGreaterThan(1);
  expect(new Set(regions).size).toBe(regions.length);
  expect(all.filter(({ region }) => region !== null)).toEqual([
    {
      action: 'ec2:DescribeInstances',
      account,
      region,
      state: 'denied',
      message: expect.stringContaining('service control policy'),
    },
  ]);
});
