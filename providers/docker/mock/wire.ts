import type { DockerContainer, DockerHost } from '#lib/demo/index.ts';

/*
 * The fleet's engines as the Engine's API answers for them, v1.47: what the mock client gives to the mapping and the fake server sends.
 * https://docs.docker.com/reference/api/engine/version/v1.47/
 * Lists and maps that nobody filled are null, where an engine has been seen to write them so.
 */
const MIB = 1024 * 1024;

const API: Readonly<Record<string, string>> = { '29': '1.52', '28': '1.51', '27': '1.47' };

/** The newest API of an engine, as its `/_ping` says. */
export const apiVersionOf = ({ version }: DockerHost): string => API[version.split('.')[0] ?? ''] ?? '1.47';

/** `GET /info` */
export function infoOf(host: DockerHost, containers: number, now: number): object {
  const { swarm } = host;
  return {
    ID: host.id,
    Name: host.name,
    Containers: containers,
    Driver: 'overlay2',
    SystemTime: new Date(now).toISOString(),
    CgroupDriver: 'systemd',
    CgroupVersion: '2',
    KernelVersion: '6.12.48+deb13-amd64',
    OperatingSystem: host.os,
    OSType: 'linux',
    Architecture: host.arch,
    NCPU: host.ncpu,
    MemTotal: host.memory * MIB,
    DockerRootDir: '/var/lib/docker',
    GenericResources: null,
    Plugins: { Volume: ['local'], Network: ['bridge', 'host'], Authorization: null, Log: ['json-file'] },
    Labels: [],
    ServerVersion: host.version,
    Runtimes: { runc: { path: 'runc' }, runsc: { path: '/usr/local/bin/runsc' } },
    DefaultRuntime: 'runc',
    SecurityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'],
    LiveRestoreEnabled: false,
    Swarm: {
      NodeID: swarm?.nodeId ?? '',
      NodeAddr: swarm?.nodeAddr ?? '',
      LocalNodeState: swarm ? 'active' : 'inactive',
      ControlAvailable: swarm?.manager ?? false,
      RemoteManagers: null,
    },
  };
}

const UNUSED = { IPAMConfig: null, Links: null, Aliases: null, DriverOpts: null };

/** An entry of `GET /containers/json` */
export function summaryOf(container: DockerContainer, now: number) {
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: container.image,
    ImageID: container.imageId,
    Command: `${container.command} --password ${container.secret}`,
    Created: Math.floor(container.createdAt / 1000),
    Ports: container.ports.map(({ private: inside, public: outside }) => ({
      PrivatePort: inside,
      ...(outside === null ? {} : { IP: '0.0.0.0', PublicPort: outside }),
      Type: 'tcp',
    })),
    Labels: container.labels,
    State: container.state,
    Status: statusOf(container, now),
    HostConfig: { NetworkMode: container.networks[0]?.name ?? 'none' },
    NetworkSettings: {
      Networks: Object.fromEntries(
        container.networks.map(({ name, address, mac }) => [
          name,
          { ...UNUSED, IPAddress: address ?? '', MacAddress: mac ?? '', GlobalIPv6Address: '' },
        ]),
      ),
    },
    Mounts: [],
  };
}

/** `GET /containers/{id}/json` */
export function inspectOf(container: DockerContainer): object {
  const { limits } = container;
  return {
    Id: container.id,
    Name: `/${container.name}`,
    Created: new Date(container.createdAt).toISOString(),
    Args: ['--password', container.secret],
    State: {
      Status: container.state,
      Running: container.state === 'running' || container.state === 'paused',
      OOMKilled: container.oomKilled,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: instant(container.startedAt),
      FinishedAt: instant(container.finishedAt),
      ...(container.health === null
        ? {}
        : { Health: { Status: container.health, Log: [{ Output: container.secret }] } }),
    },
    RestartCount: container.restarts,
    Driver: 'overlay2',
    Platform: 'linux',
    ExecIDs: null,
    HostConfig: {
      Binds: null,
      CapAdd: null,
      CapDrop: null,
      ExtraHosts: null,
      GroupAdd: null,
      PidsLimit: null,
      SecurityOpt: null,
      NanoCpus: (limits.cpus ?? 0) * 1e9,
      Memory: (limits.memory ?? 0) * MIB,
      MemoryReservation: 0,
      Runtime: container.runtime,
      Privileged: false,
      RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
    },
    Config: {
      Hostname: container.id.slice(0, 12),
      Env: [`DATABASE_PASSWORD=${container.secret}`],
      Cmd: ['--password', container.secret],
      Entrypoint: null,
      OnBuild: null,
      Volumes: null,
      Labels: container.labels,
    },
  };
}

/** An event about a container. */
export const eventOf = ({ id, image, name, labels }: DockerContainer, action: string, at: number): object => ({
  status: action,
  id,
  from: image,
  Type: 'container',
  Action: action,
  Actor: { ID: id, Attributes: { ...labels, image, name } },
  scope: 'local',
  time: Math.floor(at / 1000),
  timeNano: at * 1e6,
});

const instant = (at: number | null): string => (at === null ? '0001-01-01T00:00:00Z' : new Date(at).toISOString());

function statusOf(container: DockerContainer, now: number): string {
  const { state, exitCode, health, startedAt, finishedAt } = container;
  if (state === 'created' || startedAt === null) return 'Created';
  if (state === 'exited') return `Exited (${exitCode}) ${duration(now - (finishedAt ?? now))} ago`;
  if (state === 'restarting') return `Restarting (${exitCode}) ${duration(now - (finishedAt ?? now))} ago`;
  const up = `Up ${duration(now - startedAt)}`;
  if (state === 'paused') return `${up} (Paused)`;
  if (health === null) return up;
  return `${up} (${health === 'starting' ? 'health: starting' : health})`;
}

/** As docker/go-units writes it. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600 + 0.5);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  if (seconds < 120) return 'About a minute';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} minutes`;
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 14) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 60) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(hours / 24 / 365)} years`;
}
