import type { _InstanceType, Instance, InstanceStateName, InstanceTypeInfo, Reservation } from '@aws-sdk/client-ec2';
import { hex, type Machine, mix, type Size } from '#lib/demo/index.ts';

const NATIVE: Readonly<Record<Machine['state'], InstanceStateName>> = {
  starting: 'pending',
  running: 'running',
  stopping: 'stopping',
  stopped: 'stopped',
  suspended: 'stopped',
  failed: 'stopped',
  terminated: 'terminated',
  unknown: 'running',
};

const REASONS: Readonly<Partial<Record<Machine['state'], string>>> = {
  stopping: 'Client.UserInitiatedShutdown',
  stopped: 'Client.UserInitiatedShutdown',
  suspended: 'Client.UserInitiatedHibernate',
  failed: 'Server.InternalError',
  terminated: 'Client.UserInitiatedShutdown',
};

const PLATFORMS: Readonly<Record<string, string>> = {
  rhel: 'Red Hat Enterprise Linux',
  windows: 'Windows',
};

const CODES: Readonly<Record<string, number>> = { pending: 0, running: 16, stopping: 64, stopped: 80, terminated: 48 };

/** One reservation of one instance, as DescribeInstances answers it. */
export const reservationOf = (machine: Machine): Reservation => ({
  ReservationId: `r-0${hex(16, [...machine.key, 1])}`,
  OwnerId: machine.place.account.id,
  Groups: [],
  Instances: [instanceOf(machine)],
});

/** A machine of the fleet as EC2 describes it. */
export function instanceOf(machine: Machine): Instance {
  // Gone or replaced by spot: EC2 takes addresses and disks away.
  const exists = machine.state !== 'terminated';
  const spotGone = machine.spot && !exists;
  const name = NATIVE[machine.state];
  const reason = spotGone ? 'Server.SpotInstanceTermination' : REASONS[machine.state];
  const dns = `ip-${machine.privateAddress.replaceAll('.', '-')}.${machine.place.region}.compute.internal`;
  return {
    InstanceId: machine.nativeId,
    ImageId: `ami-0${hex(16, [mix(machine.os.name.length, machine.place.region.length), machine.os.version.length])}`,
    State: { Code: CODES[name] ?? 16, Name: name },
    PrivateDnsName: exists ? dns : '',
    PublicDnsName: '',
    StateTransitionReason: '',
    ClientToken: machine.secret,
    InstanceType: machine.size.type as _InstanceType,
    LaunchTime: new Date(machine.startedAt),
    Placement: {
      AvailabilityZone: machine.zone,
      GroupName: '',
      Tenancy: machine.isolation === 'dedicated' ? 'dedicated' : 'default',
    },
    Architecture: machine.size.arch,
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    EbsOptimized: true,
    EnaSupport: true,
    PlatformDetails: PLATFORMS[machine.os.distribution] ?? 'Linux/UNIX',
    ...(machine.os.family === 'windows' ? { Platform: 'Windows' as const } : {}),
    ...(machine.spot
      ? { InstanceLifecycle: 'spot' as const, SpotInstanceRequestId: `sir-${hex(8, machine.key)}` }
      : {}),
    ...(reason ? { StateReason: { Code: reason, Message: reason } } : {}),
    CpuOptions: cpuOptions(machine),
    EnclaveOptions: { Enabled: false },
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
    SecurityGroups: [{ GroupId: `sg-0${hex(16, [...machine.key, 2])}`, GroupName: machine.service.name }],
    BlockDeviceMappings: exists ? [disk(machine)] : [],
    NetworkInterfaces: exists ? [networkInterface(machine, dns)] : [],
    Tags: tagsOf(machine).map(([Key, Value]) => ({ Key, Value })),
    ...(exists ? { PrivateIpAddress: machine.privateAddress } : {}),
    ...(machine.publicAddress ? { PublicIpAddress: machine.publicAddress } : {}),
  };
}

const cpuOptions = ({ size, isolation }: Machine): NonNullable<Instance['CpuOptions']> => {
  const threads = size.arch === 'arm64' || size.vcpus < 2 ? 1 : 2;
  const confidential = isolation === 'confidential' ? { AmdSevSnp: 'enabled' as const } : {};
  return { CoreCount: size.vcpus / threads, ThreadsPerCore: threads, ...confidential };
};

const disk = (machine: Machine) => ({
  DeviceName: '/dev/xvda',
  Ebs: {
    VolumeId: `vol-0${hex(16, [...machine.key, 3])}`,
    Status: 'attached' as const,
    AttachTime: new Date(machine.createdAt + 1000),
    DeleteOnTermination: true,
  },
});

const networkInterface = (machine: Machine, dns: string) => ({
  NetworkInterfaceId: `eni-0${hex(16, [...machine.key, 4])}`,
  MacAddress: machine.mac,
  PrivateIpAddress: machine.privateAddress,
  PrivateDnsName: dns,
  Ipv6Addresses: machine.ipv6 ? [{ Ipv6Address: machine.ipv6 }] : [],
  Attachment: { AttachTime: new Date(machine.createdAt), DeviceIndex: 0, NetworkCardIndex: 0 },
  PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: machine.privateAddress }],
});

/** What people tagged, the name, and what AWS adds for groups and clusters. */
function tagsOf(machine: Machine): (readonly [string, string])[] {
  const tags: (readonly [string, string])[] = [['Name', machine.name], ...machine.tags];
  if (machine.group) tags.push(['aws:autoscaling:groupName', machine.group.name]);
  if (machine.node)
    tags.push(
      ['eks:cluster-name', machine.node.cluster.name],
      ['eks:nodegroup-name', machine.node.pool.name],
      [`kubernetes.io/cluster/${machine.node.cluster.name}`, 'owned'],
    );
  return tags;
}

/** A size as DescribeInstanceTypes answers it. */
export const instanceTypeOf = (size: Size): InstanceTypeInfo => ({
  InstanceType: size.type as _InstanceType,
  CurrentGeneration: true,
  BareMetal: false,
  Hypervisor: 'nitro',
  BurstablePerformanceSupported: size.burstable,
  VCpuInfo: { DefaultVCpus: size.vcpus },
  MemoryInfo: { SizeInMiB: size.memory },
});
