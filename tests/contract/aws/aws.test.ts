import type { Instance, InstanceStateName } from '@aws-sdk/client-ec2';
import type { AwsConfig } from '#providers/aws/config.ts';
import { aws } from '#providers/aws/index.ts';
import role from '#providers/aws/permissions.json' with { type: 'json' };
import hub from '#providers/aws/permissions-hub.json' with { type: 'json' };
import { type AwsCloud, awsCloud, ec2Error, signatureOf, xml } from '#tests/fakes/aws.ts';
import { type FakeServer, startFake } from '#tests/fakes/server.ts';
import { statesOf } from '#tests/support/states-table.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { describeAdapter } from '../provider-suite.ts';
import { stubFakeKeys, withRole } from './aws-rig.ts';

stubFakeKeys();

const clouds = new WeakMap<FakeServer, AwsCloud>();
const regionOf = (scope: { region: string | null }) => scope.region ?? '';

const awsCase: AdapterCase<AwsConfig, Instance> = {
  provider: aws,
  async start(options) {
    const cloud = awsCloud();
    const fake = await startFake(cloud, options);
    clouds.set(fake, cloud);
    return fake;
  },
  config: (fake, fleet, timeout) => ({
    endpoint: fake.url,
    timeout,
    accounts: fleet.accounts('aws').map(({ id }) => withRole(id)),
  }),
  mockConfig: ({ seed, resources, faults }) => ({ mock: { seed, resources, faults } }),
  subject: (scopes) => some(scopes[0]),
  bystander: (scopes) => some(scopes[1]),
  isListOf: (scope, request) => {
    const at = signatureOf(request);
    return request.action === 'ec2:DescribeInstances' && at.account === scope.account && at.region === regionOf(scope);
  },
  wire: 'xml',
  policy: [...role.Statement, ...hub.Statement].flatMap((statement) => statement.Action),
  details: ['ec2:DescribeInstanceTypes'],
  keptDetails: ['ec2:DescribeInstanceTypes'],
  states: statesOf('EC2'),
  withState: (row, native) => ({
    ...row,
    State: { Code: 0, Name: native as InstanceStateName },
    StateReason: { Code: 'Client.UserInitiatedShutdown' },
  }),
  withName: (row, name) => ({
    ...row,
    Tags: [...(row.Tags ?? []).filter((t) => t.Key !== 'Name'), { Key: 'Name', Value: name }],
  }),
  withTag: (row, Key, Value) => ({ ...row, Tags: [...(row.Tags ?? []), { Key, Value }] }),
  broken: ({ InstanceId: _, ...row }) => row,
  replies: {
    denied: () => ec2Error(403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.'),
    throttled: (wait) =>
      ec2Error(503, 'RequestLimitExceeded', 'Request limit exceeded.', { 'retry-after': String(wait) }),
    expired: () => ec2Error(400, 'ExpiredToken', 'The provided token has expired.'),
    unavailable: () => ec2Error(503, 'Unavailable', 'The server is overloaded and cannot handle the request.'),
    withoutList: () =>
      xml(
        '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId></DescribeInstancesResponse>',
      ),
  },
  asWrongAccount: (fake) => {
    const cloud = clouds.get(fake);
    if (cloud) cloud.pretend = '999999999999';
  },
  skip: { 'foreign-link': 'EC2 pages are tokens in the body of a request to the same address, never links' },
};

function some<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the fleet is too small for this suite');
  return value;
}

describeAdapter(awsCase);
