import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openFleet } from '#lib/demo/index.ts';
import { openEks } from '#providers/clouds/aws/client-eks.ts';
import { awsAccessShape } from '#providers/clouds/aws/options.ts';
import { UnseenAccounts } from '#providers/contract.ts';
import policy from '#providers/kubernetes/permissions-eks.json' with { type: 'json' };
import { awsCloud, signatureOf } from '#tests/fakes/aws.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { json, startFake } from '#tests/fakes/server.ts';
import { silentLogger } from '#tests/support/log.ts';
import { stubFakeKeys } from './aws-rig.ts';

stubFakeKeys();

const fleet = openFleet({ seed: 11, resources: 30_000, faults: false });
const wanted = fleet.clusters().filter(({ cloud }) => cloud === 'aws');
const organization = { role: 'MusterReadOnly', externalId: 'external-id-of-the-test' };
const call = () => ({ signal: new AbortController().signal });

async function open() {
  const clock = testClock();
  const fake = await startFake(awsCloud(), { fleet, now: () => clock.now() });
  const options = z.strictObject(awsAccessShape).parse({ endpoint: fake.url, organization, timeout: 10 });
  const eks = openEks(options, { source: 'eks', clock, random: () => 0.5, log: silentLogger });
  onTestFinished(async () => {
    await eks.close();
    await fake.close();
  });
  return { eks, fake, clock };
}

describe('EKS', () => {
  it('finds every cluster of every account and region of the organisation', async () => {
    const { eks, fake } = await open();
    const found = await Array.fromAsync(eks.clusters(call()));
    expect(wanted.length).toBeGreaterThan(3);
    expect(found.map(({ account, region, name }) => [account, region, name].join()).sort()).toEqual(
      wanted.map(({ place, name }) => [place.account.id, place.region, name].join()).sort(),
    );
    expect(found[0]).toMatchObject({ status: 'ACTIVE', ca: `CA of ${found[0]?.name}` });
    const described = fake.requests.filter(({ action }) => action === 'eks:DescribeCluster');
    expect(described).toHaveLength(wanted.length);
    const asked = [...new Set(fake.requests.map(({ action }) => action))].sort();
    const hub = ['organizations:ListAccounts', 'sts:AssumeRole'];
    expect(asked.filter((action) => !hub.includes(action))).toEqual(policy.Statement.flatMap(({ Action }) => Action));
  });

  it('names the region that it may not ask, and finds the clusters of the others', async () => {
    const { eks, fake } = await open();
    const [one] = wanted;
    const place = `${one?.place.account.id} ${one?.place.region}`;
    const account = one?.place.account.index === 0 ? null : one?.place.account.id;
    fake.script({
      when: (request) => {
        const at = signatureOf(request);
        return request.action === 'eks:ListClusters' && at.region === one?.place.region && at.account === account;
      },
      reply: json({ message: 'not authorized to perform: eks:ListClusters' }, 403, {
        'x-amzn-errortype': 'AccessDeniedException',
      }),
    });
    const found: string[] = [];
    const error = await (async () => {
      for await (const { name } of eks.clusters(call())) found.push(name);
    })().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnseenAccounts);
    if (error instanceof UnseenAccounts) expect([...error.accounts.keys()]).toEqual([place]);
    const there = (c: (typeof wanted)[number]) => c.place === one?.place;
    expect(found.sort()).toEqual(
      wanted
        .filter((c) => !there(c))
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('makes tokens in this process: a signed question who asks, for this cluster only, good for 12 minutes', async () => {
    const { eks, fake, clock } = await open();
    const [found] = await Array.fromAsync(eks.clusters(call()));
    if (!found) throw new Error('no cluster');
    const before = fake.requests.length;
    const { token, expiresAt } = await eks.token(found);
    expect(expiresAt).toBe(clock.now() + 12 * 60_000);
    expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
    const url = new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
    expect(url.origin + url.pathname).toBe(`https://sts.${found.region}.amazonaws.com/`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      'X-Amz-Credential': expect.stringContaining(`/${found.region}/sts/aws4_request`),
    });
    const other = await eks.token({ ...found, name: 'another' });
    expect(other.token).not.toBe(token);
    // The credential is there already; signing asks nobody.
    expect(fake.requests.slice(before).filter(({ action }) => action !== 'sts:AssumeRole')).toEqual([]);
  });
});
