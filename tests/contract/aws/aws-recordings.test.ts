import { existsSync, readFileSync } from 'node:fs';
import type { Reservation } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { idOf, toResource } from '#providers/aws/map.ts';
import { xml } from '#tests/fakes/aws.ts';
import { listScopes, read, rowsOf, verdict } from '../adapter/rig.ts';
import { openAws, stubFakeKeys } from './aws-rig.ts';

const FOLDER = new URL('../../../../shared/recordings/aws/', import.meta.url);
const load = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

stubFakeKeys();

// The recordings stand beside the checkout, not in it.
describe.skipIf(!existsSync(FOLDER))('recorded answers of EC2', () => {
  it('lists the instances of a recorded answer as the expected parse of it says', async () => {
    const { fake, connect, accounts } = await openAws();
    const connection = await connect({ regions: ['us-west-2'], accounts: [{ id: accounts[0] }] });
    const [scope] = await listScopes(connection);
    if (!scope) throw new Error('no scope');
    fake.script({
      when: (request) => request.action === 'ec2:DescribeInstances',
      reply: xml(load('ec2-describe-instances.xml')),
    });
    const listing = await read(connection, scope);
    expect(verdict(listing)).toBe('complete');

    const expected: { Reservations: Reservation[] } = JSON.parse(load('ec2-describe-instances.json'));
    const context = { scope, partition: 'aws', size: () => null };
    const mapped = expected.Reservations.flatMap(({ OwnerId: owner, Instances = [] }) =>
      Instances.map((instance) => ({ owner, instance })),
    );
    expect(mapped.map(idOf)).toEqual(['i-fde9cece', 'i-78f1b94a']);
    const rows = mapped.map((row) => toResource(row, context)).sort((a, b) => (a.uid < b.uid ? -1 : 1));
    // Old types that the fleet's DescribeInstanceTypes does not know, so nothing is added; raw keeps what each decoder keeps.
    expect(rowsOf(listing).map(({ raw: _, ...row }) => row)).toEqual(rows.map(({ raw: _, ...row }) => row));
    expect(rowsOf(listing).find((row) => row.nativeId === 'i-fde9cece')).toMatchObject({
      uid: 'arn:aws:ec2:us-west-2:123456789012:instance/i-fde9cece',
      state: 'stopped',
      stateReason: 'Client.UserInitiatedShutdown',
      type: 'm1.small',
      zone: 'us-west-2a',
      createdAt: '2012-10-16T20:00:13.000Z',
      tags: { notebook: '' },
    });
    expect(rowsOf(listing).find((row) => row.nativeId === 'i-78f1b94a')).toMatchObject({
      state: 'running',
      os: 'Windows',
      addresses: ['10.253.17.74'],
      mappedAddresses: ['54.245.16.142'],
      createdAt: '2013-03-09T16:44:07.000Z',
      startedAt: '2013-03-12T01:55:59.000Z',
    });
  });

  it('finds the regions of a recorded answer', async () => {
    const { fake, connect } = await openAws();
    fake.script({
      when: (request) => request.action === 'ec2:DescribeRegions',
      reply: xml(load('ec2-describe-regions.xml')),
    });
    const scopes = await listScopes(await connect());
    const expected: { Regions: { RegionName: string }[] } = JSON.parse(load('ec2-describe-regions.json'));
    expect(scopes.map((scope) => scope.region)).toEqual(expected.Regions.map((region) => region.RegionName).sort());
  });
});
