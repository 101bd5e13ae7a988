import type { Instance, Reservation } from '@aws-sdk/client-ec2';
import { type Account, CANARY, type Fleet, SIZES } from '#lib/demo/index.ts';
import { instanceTypeOf, reservationOf } from '#providers/aws/wire.ts';
import { ec2Xml, stsXml } from './aws-xml.ts';
import { type FakeCloud, type FakeRequest, type FakeTools, json, type Reply } from './server.ts';

/** Credentials that the fake takes from the environment: they belong to the first account. */
export const AWS_KEYS = { id: 'AKIAFAKEFAKEFAKEFAKE', secret: 'fake-secret-key' };

const ROLE = /^arn:aws:iam::(\d{12}):role\/MusterReadOnly$/;

export interface AwsCloud extends FakeCloud {
  /** Account that STS names, whosever credential it is; null = the true one. */
  pretend: string | null;
  /** External id that every role asks for. */
  externalId: string;
  /** Accounts that the organisation lists as suspended. */
  suspended: readonly string[];
}

/** EC2 and STS behind one address, as the Query protocols speak them, Organizations and EKS with their JSON. Account and region are read from the signature. */
export function awsCloud(): AwsCloud {
  return {
    pretend: null,
    externalId: 'external-id-of-the-test',
    suspended: [],
    action: ({ body, headers, path }) => {
      if (path.startsWith('/clusters')) return path === '/clusters' ? 'eks:ListClusters' : 'eks:DescribeCluster';
      const target = /^AWSOrganizationsV20161128\.(\w+)$/.exec(String(headers['x-amz-target'] ?? ''))?.[1];
      if (target) return `organizations:${target}`;
      const form = new URLSearchParams(body);
      return `${form.get('Version') === '2011-06-15' ? 'sts' : 'ec2'}:${form.get('Action')}`;
    },
    answer(request, tools) {
      const form = new URLSearchParams(request.body);
      const at = signatureOf(request);
      const account = tools.fleet.accounts('aws').find((a) => (at.account ? a.id === at.account : a.index === 0));
      if (!account) return ec2Error(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials');
      switch (request.action) {
        case 'sts:GetCallerIdentity':
          return identity(this.pretend ?? account.id);
        case 'sts:AssumeRole':
          return assume(form, this.externalId);
        case 'organizations:ListAccounts':
          return organization(request, tools, this.suspended);
        case 'eks:ListClusters':
        case 'eks:DescribeCluster':
          return eks(request, account, at.region, tools.fleet);
        case 'ec2:DescribeRegions':
          return ec2('DescribeRegions', { Regions: account.places.map(({ region }) => ({ RegionName: region })) });
        case 'ec2:DescribeInstances':
          return instances(form, account, at.region, tools);
        case 'ec2:DescribeInstanceTypes':
          return instanceTypes(form);
        default:
          return ec2Error(403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.');
      }
    },
  };
}

/** Account (null: the base credential's own) and region of a signed request. */
export function signatureOf(request: FakeRequest): { account: string | null; region: string } {
  const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\//.exec(request.headers.authorization ?? '');
  return { account: /^ASIA(\d{12})$/.exec(scope?.[1] ?? '')?.[1] ?? null, region: scope?.[2] ?? '' };
}

export const ec2Error = (
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Reply => ({
  status,
  headers: { 'content-type': 'text/xml;charset=UTF-8', ...headers },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>7a62c49f</RequestID></Response>`,
});

export const xml = (body: string): Reply => ({ headers: { 'content-type': 'text/xml;charset=UTF-8' }, body });

const ec2 = (action: string, value: object): Reply => xml(ec2Xml(action, value));

function identity(account: string): Reply {
  const arn = `arn:aws:sts::${account}:assumed-role/MusterReadOnly/muster`;
  return xml(stsXml('GetCallerIdentity', { Arn: arn, UserId: 'AROAFAKE:muster', Account: account }));
}

function assume(form: URLSearchParams, externalId: string): Reply {
  const account = ROLE.exec(form.get('RoleArn') ?? '')?.[1];
  if (!account || form.get('ExternalId') !== externalId)
    return {
      ...xml(
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error><RequestId>9</RequestId></ErrorResponse>',
      ),
      status: 403,
    };
  const credentials = {
    AccessKeyId: `ASIA${account}`,
    SecretAccessKey: `${CANARY}-key`,
    SessionToken: `${CANARY}-session`,
    Expiration: '2099-01-01T00:00:00Z',
  };
  const user = { AssumedRoleId: 'AROAFAKE:muster', Arn: `arn:aws:sts::${account}:assumed-role/MusterReadOnly/muster` };
  return xml(stsXml('AssumeRole', { Credentials: credentials, AssumedRoleUser: user }));
}

/** Pages of two, so that a few accounts are more than one page. */
function organization({ body }: FakeRequest, { fleet }: FakeTools, suspended: readonly string[]): Reply {
  const { NextToken = '0' }: { NextToken?: string } = JSON.parse(body);
  const from = Number(NextToken);
  const all = fleet.accounts('aws').map(({ id, name }) => ({
    Id: id,
    Name: name,
    State: suspended.includes(id) ? 'SUSPENDED' : 'ACTIVE',
  }));
  const more = from + 2 < all.length ? { NextToken: String(from + 2) } : {};
  return { headers: AMZ_JSON, body: JSON.stringify({ Accounts: all.slice(from, from + 2), ...more }) };
}

/** @see https://docs.aws.amazon.com/eks/latest/APIReference/API_ListClusters.html */
function eks({ path, query }: FakeRequest, account: Account, region: string, fleet: Fleet): Reply {
  const all = fleet.clusters().filter(({ place }) => place.account.id === account.id && place.region === region);
  if (path === '/clusters') {
    const from = Number(query.get('nextToken') ?? 0);
    const next = from + 1 < all.length ? String(from + 1) : null;
    return json({ clusters: all.slice(from, from + 1).map(({ name }) => name), nextToken: next });
  }
  const cluster = all.find(({ name }) => path === `/clusters/${encodeURIComponent(name)}`);
  if (!cluster) return json({ message: 'No cluster found' }, 404, { 'x-amzn-errortype': 'ResourceNotFoundException' });
  return json({
    cluster: {
      name: cluster.name,
      arn: `arn:aws:eks:${region}:${account.id}:cluster/${cluster.name}`,
      endpoint: `https://${cluster.uid}.${region}.eks.amazonaws.com`,
      certificateAuthority: { data: Buffer.from(`CA of ${cluster.name}`).toString('base64') },
      status: 'ACTIVE',
      version: '1.35',
    },
  });
}

const AMZ_JSON = { 'content-type': 'application/x-amz-json-1.1' };

export const organizationsError = (code: string, message: string): Reply => ({
  status: 400,
  headers: AMZ_JSON,
  body: JSON.stringify({ __type: code, Message: message }),
});

function instances(form: URLSearchParams, account: Account, region: string, tools: FakeTools): Reply {
  const max = Number(form.get('MaxResults') ?? 0);
  if (max < 5 || max > 1000) return ec2Error(400, 'InvalidParameterValue', 'MaxResults');
  const place = account.places.find((p) => p.region === region);
  if (place?.fault === 'denied')
    return ec2Error(403, 'UnauthorizedOperation', 'explicit deny in a service control policy');
  const machines = place ? [...tools.fleet.at(tools.now()).machines(place)] : [];
  const reservations = machines.map(reservationOf);
  const rows = tools.rewrite(reservations.flatMap((reservation) => reservation.Instances ?? []));
  const { rows: page, next } = tools.page(rows, form.get('NextToken') ?? undefined);
  return ec2('DescribeInstances', {
    Reservations: page.map((instance) => reservationAround(instance, reservations)),
    ...(next ? { NextToken: next } : {}),
  });
}

/** The reservation of a row, which the test may have rewritten. */
function reservationAround(instance: Instance, all: readonly Reservation[]): Reservation {
  const own = all.find((r) => r.Instances?.[0]?.InstanceId === instance.InstanceId) ?? all[0];
  return { ...own, Instances: [instance] };
}

function instanceTypes(form: URLSearchParams): Reply {
  const wanted = [...form].filter(([key]) => /^Filter\.1\.Value\.\d+$/.test(key)).map(([, value]) => value);
  const sizes = SIZES.aws.filter((size) => wanted.length === 0 || wanted.includes(size.type));
  return ec2('DescribeInstanceTypes', { InstanceTypes: sizes.map(instanceTypeOf) });
}
