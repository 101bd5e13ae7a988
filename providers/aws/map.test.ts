import type { Instance } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { resourceSchema, type Scope } from '#lib/model/index.ts';
import { UnreadableRow } from '../kit/rows.ts';
import { type Context, toResource, undated } from './map.ts';

const scope: Scope = {
  id: 's/123456789012/eu-west-1/instances',
  provider: 'aws',
  source: 's',
  account: '123456789012',
  region: 'eu-west-1',
  part: 'instances',
  kind: 'vm',
  label: '123456789012 eu-west-1',
};
const context: Context = {
  scope,
  partition: 'aws',
  size: (type) => (type === 'm6i.large' ? { vcpus: 2, memory: 8192, bareMetal: false } : null),
};
const map = (instance: Instance, more: Partial<Context> = {}) =>
  toResource({ owner: '123456789012', instance: { InstanceId: 'i-0a', ...instance } }, { ...context, ...more });

describe('an EC2 instance', () => {
  it('is the model’s shape with nothing but an id', () => {
    const row = map({});
    expect(() => resourceSchema.parse(row)).not.toThrow();
    expect(row).toMatchObject({
      uid: 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0a',
      name: 'i-0a',
      state: 'unknown',
      vcpus: null,
      memory: null,
      createdAt: null,
      os: null,
    });
  });

  it('cannot be read without an id, nor can a reservation without its instances', () => {
    expect(() => toResource({ owner: undefined, instance: {} }, context)).toThrow(UnreadableRow);
    expect(() => toResource({ owner: undefined, instance: null }, context)).toThrow('instancesSet');
  });

  it('is suspended when it hibernates, which EC2 calls stopped', () => {
    const stopped = { State: { Name: 'stopped' as const } };
    expect(map({ ...stopped, StateReason: { Code: 'Client.UserInitiatedHibernate' } })).toMatchObject({
      state: 'suspended',
      nativeState: 'stopped',
      stateReason: 'Client.UserInitiatedHibernate',
    });
    expect(map({ ...stopped, StateReason: { Code: 'Client.UserInitiatedShutdown' } }).state).toBe('stopped');
  });

  it('has the CPUs chosen at launch, else those of its type', () => {
    expect(map({ InstanceType: 'm6i.large' })).toMatchObject({ vcpus: 2, memory: 8192 });
    const chosen = map({ InstanceType: 'm6i.large', CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 } });
    expect(chosen).toMatchObject({ vcpus: 1, memory: 8192 });
  });

  it('was created when its root volume was attached, which outlives its starts', () => {
    const launched = new Date('2026-11-01T00:00:00Z');
    const volume = (DeviceName: string, at: string) => ({ DeviceName, Ebs: { AttachTime: new Date(at) } });
    const devices = [volume('/dev/xvda', '2024-03-01T00:00:00Z'), volume('/dev/sdf', '2023-01-01T00:00:00Z')];
    const row = map({ LaunchTime: launched, RootDeviceName: '/dev/xvda', BlockDeviceMappings: devices });
    expect([row.createdAt, row.startedAt]).toEqual(['2024-03-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z']);
    expect(map({ LaunchTime: launched }).createdAt).toBe('2026-11-01T00:00:00.000Z');
  });

  it('was created when its primary interface was attached, which outlives its root volume', () => {
    const at = (time: string) => new Date(time);
    const instance: Instance = {
      LaunchTime: at('2026-11-01T00:00:00Z'),
      RootDeviceName: '/dev/xvda',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { AttachTime: at('2026-08-01T00:00:00Z') } }],
      NetworkInterfaces: [
        { Attachment: { DeviceIndex: 1, NetworkCardIndex: 0, AttachTime: at('2023-01-01T00:00:00Z') } },
        { Attachment: { DeviceIndex: 0, NetworkCardIndex: 1, AttachTime: at('2023-01-01T00:00:00Z') } },
        { Attachment: { DeviceIndex: 0, AttachTime: at('2024-03-01T00:00:00Z') } },
      ],
    };
    expect(map(instance).createdAt).toBe('2024-03-01T00:00:00.000Z');
    expect(undated({ owner: undefined, instance })).toEqual([]);
  });

  it('does not know its creation for sure once its devices are taken away', () => {
    expect(undated({ owner: undefined, instance: { State: { Name: 'terminated' } } })).toEqual(['createdAt']);
  });

  it('fault 113: has the addresses of all its interfaces, IPv6 too, and those that are translated to them, each once', () => {
    const row = map({
      PrivateIpAddress: '10.0.0.1',
      PublicIpAddress: '198.18.0.1',
      NetworkInterfaces: [
        {
          MacAddress: '0A:00:00:00:00:01',
          PrivateIpAddresses: [
            { PrivateIpAddress: '10.0.0.1', Association: { PublicIp: '198.18.0.1' } },
            { PrivateIpAddress: '10.0.0.2', Association: { PublicIp: '198.18.0.2' } },
            { PrivateIpAddress: '10.0.0.3', Association: { CarrierIp: '198.18.0.3' } },
            { PrivateIpAddress: '10.0.0.4', Association: { CustomerOwnedIp: '10.9.0.4' } },
          ],
          Ipv6Addresses: [{ Ipv6Address: '2001:db8::1' }, { Ipv6Address: 'fd00::1' }],
        },
      ],
    });
    expect(row.addresses).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '2001:db8::1', 'fd00::1']);
    expect(row.mappedAddresses).toEqual(['198.18.0.1', '198.18.0.2', '198.18.0.3', '10.9.0.4']);
    expect(row.identities).toContainEqual({ type: 'mac', value: '0a:00:00:00:00:01' });
  });

  it('is known by the reference that an EKS node has', () => {
    const row = map({
      Placement: { AvailabilityZone: 'eu-west-1b' },
      PrivateDnsName: 'IP-10-0-0-1.eu-west-1.compute.internal',
    });
    expect(row.identities).toEqual([
      { type: 'provider-id', value: 'eu-west-1b/i-0a' },
      { type: 'instance-id', value: 'i-0a' },
      { type: 'hostname', value: 'ip-10-0-0-1.eu-west-1.compute.internal' },
    ]);
  });

  it.each([
    [{ CpuOptions: { AmdSevSnp: 'enabled' as const } }, 'sev-snp'],
    [{ EnclaveOptions: { Enabled: true } }, 'nitro-enclaves'],
    [{ Placement: { Tenancy: 'dedicated' as const } }, 'dedicated'],
    [{ Placement: { Tenancy: 'host' as const, HostId: 'h-01' } }, 'dedicated-host'],
    [{ Placement: { Tenancy: 'default' as const } }, null],
  ])('with %j is isolated as %s', (instance, isolation) => {
    expect(map(instance).isolation).toBe(isolation);
  });

  it.each([
    ['spot', 'spot'],
    ['scheduled', 'scheduled'],
    ['capacity-block', 'capacity-block'],
    ['interruptible-capacity-reservation', 'reserved'],
  ] as const)('bought as %s is %s', (native, lifecycle) => {
    expect(map({ InstanceLifecycle: native }).lifecycle).toBe(lifecycle);
  });

  it('is on-demand where EC2 names no lifecycle, and unknown where it names a new one', () => {
    expect(map({}).lifecycle).toBe('on-demand');
    const brandNew: Instance = JSON.parse('{"InstanceLifecycle":"brand-new"}');
    expect(map(brandNew).lifecycle).toBeNull();
  });

  it.each([
    ['aws', 'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0a'],
    ['aws-cn', 'https://eu-west-1.console.amazonaws.cn/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0a'],
    [
      'aws-us-gov',
      'https://eu-west-1.console.amazonaws-us-gov.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0a',
    ],
    [
      'aws-eusc',
      'https://eu-west-1.console.amazonaws-eusc.eu/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0a',
    ],
    ['aws-iso', null],
  ])('of partition %s links to %s', (partition, url) => {
    expect(map({}, { partition }).consoleUrl).toBe(url);
  });

  it('belongs to the cluster that its tags name', () => {
    expect(map({ Tags: [{ Key: 'kubernetes.io/cluster/prod', Value: 'owned' }] }).cluster).toBe('prod');
    expect(map({ Tags: [{ Key: 'eks:cluster-name', Value: 'stage' }] }).cluster).toBe('stage');
  });

  it('is named by its tag Name, with every tag as it is spelt', () => {
    const row = map({
      Tags: [
        { Key: 'Name', Value: 'web 1' },
        { Key: 'Cost Center', Value: '' },
        { Key: '__proto__', Value: 'x' },
      ],
    });
    expect(row.name).toBe('web 1');
    expect(Object.entries(row.tags)).toEqual([
      ['Name', 'web 1'],
      ['Cost Center', ''],
      ['__proto__', 'x'],
    ]);
  });
});
