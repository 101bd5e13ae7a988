import { describe, expect, it } from 'vitest';
import { exposedOf } from '#lib/language/grammar/reach.ts';
import { resourceSchema, type Scope } from '#lib/model/index.ts';
import { detailOf } from './detail.ts';
import { toResource, unknownOf } from './map-container.ts';

const scope: Scope = {
  id: 's/h/*/containers',
  provider: 'docker',
  source: 's',
  account: 'tcp://h:2376',
  region: null,
  part: 'containers',
  kind: 'container',
  label: 'h',
};
const engine = { id: 'ENG', name: 'build-1', os: 'linux', containers: 1 };
const ID = 'ab'.repeat(32);
const map = (fields: object, inspected?: object) =>
  resourceSchema.parse(
    toResource(
      {
        summary: {
          Id: ID,
          Names: ['/web'],
          State: 'running',
          Status: 'Up 5 minutes',
          Created: 1,
          Labels: {},
          ...fields,
        },
        detail: inspected ? detailOf({ State: {}, HostConfig: {}, ...inspected }) : null,
      },
      engine,
      scope,
    ),
  );

describe('a container', () => {
  it('of a pod is known by its pod, and hosted by the engine', () => {
    const labels = {
      'io.kubernetes.pod.name': 'web-1',
      'io.kubernetes.pod.namespace': 'shop',
      'io.kubernetes.pod.uid': '1234-uid',
      'io.kubernetes.container.name': 'web',
    };
    expect(map({ Labels: labels })).toMatchObject({
      pod: 'web-1',
      namespace: 'shop',
      type: null,
      identities: [
        { type: 'runtime-id', value: ID },
        { type: 'pod', value: '1234-uid' },
      ],
      hostedBy: [{ type: 'host', value: 'docker/ENG' }],
    });
    expect(map({ Labels: { ...labels, 'io.kubernetes.container.name': 'POD' } }).type).toBe('pause');
    expect(map({ Labels: { ...labels, 'io.kubernetes.docker.type': 'podsandbox' } }).type).toBe('pause');
  });

  it('that is a node of kind has the provider id of that node', () => {
    const row = map({ Names: ['/kind-worker'], Labels: { 'io.x-k8s.kind.cluster': 'kind' } });
    expect(row.identities).toContainEqual({ type: 'provider-id', value: 'kind://docker/kind/kind-worker' });
  });

  it.each([
    [
      { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
      'Compose service',
      'shop/web',
      null,
    ],
    [{ 'com.docker.compose.project': 'shop' }, 'Compose project', 'shop', null],
    [
      { 'com.docker.swarm.service.name': 'shop_web', 'com.docker.stack.namespace': 'shop' },
      'Swarm service',
      'shop_web',
      'shop',
    ],
  ])('%j belongs to a workload', (Labels, kind, name, namespace) => {
    expect(map({ Labels })).toMatchObject({ workload: { kind, name }, namespace });
  });

  it('has its own name before those that legacy links give it', () => {
    expect(map({ Names: ['/proxy/backend', '/web'] })).toMatchObject({ name: 'web', aliases: ['proxy/backend'] });
    expect(map({ Names: null })).toMatchObject({ name: ID.slice(0, 12), aliases: [] });
  });

  it('has addresses but no evidence of them: every engine gives the same ones', () => {
    const bridge = { IPAddress: '172.17.0.2', GlobalIPv6Address: 'fd00::2', MacAddress: '02:42:ac:11:00:02' };
    const row = map({ NetworkSettings: { Networks: { bridge, none: { IPAddress: '' } } } });
    expect(row.addresses).toEqual(['172.17.0.2', 'fd00::2']);
    expect(row.identities).toHaveLength(1);
  });

  it('fault 113: an address of macvlan is its own; in the network of its host or of another container none is told', () => {
    const of = (mode: string, address: string) => {
      const Networks = { [mode]: { IPAddress: address } };
      return map({ HostConfig: { NetworkMode: mode }, NetworkSettings: { Networks } });
    };
    expect(of('lan', '185.1.2.3')).toMatchObject({ addresses: ['185.1.2.3'], mappedAddresses: [] });
    expect(exposedOf(of('lan', '185.1.2.3'))).toBe(true);
    expect(exposedOf(of('bridge', '172.17.0.2'))).toBe(false);
    expect(exposedOf(of('none', ''))).toBe(false);
    expect([of('host', '').addresses, exposedOf(of('host', ''))]).toEqual([null, null]);
    expect(of(`container:${ID}`, '').addresses).toBeNull();
    expect(map({ NetworkSettings: { Networks: null } }).addresses).toBeNull();
  });

  it('keeps no secret of labels, environment, command or arguments', () => {
    const row = map(
      { Command: 'run --password canary', Labels: { api_token: 'canary', 'db.secret': 'canary', team: 'a' } },
      {
        Args: ['canary'],
        Path: 'canary',
        State: { Error: 'failed: password=canary', Health: { Status: 'healthy', Log: [{ Output: 'canary' }] } },
        Config: { Env: ['A=canary'], Cmd: ['canary'], Labels: { x: 'canary' } },
        HostConfig: { Binds: ['/srv:/canary'], LogConfig: { Config: { token: 'canary' } } },
      },
    );
    expect(row.tags).toEqual({ api_token: '[redacted]', 'db.secret': '[redacted]', team: 'a' });
    expect(JSON.stringify(row)).not.toContain('canary');
  });

  it.each([
    [
      { NanoCpus: 1.5e9, Memory: 512 * 2 ** 20 },
      { cpu: 1.5, memory: 512 },
    ],
    [
      { CpuQuota: 50_000, CpuPeriod: 100_000 },
      { cpu: 0.5, memory: null },
    ],
    [
      { CpuQuota: 25_000, CpuPeriod: 0 },
      { cpu: 0.25, memory: null },
    ],
    [{ CpuQuota: -1, Memory: 0, NanoCpus: 0 }, null],
    [{ CpuCount: 2 }, { cpu: 2, memory: null }],
    [{}, null],
  ])('with %j has the limits %j', (HostConfig, limits) => {
    expect(map({}, { HostConfig }).limits).toEqual(limits);
  });

  it.each([
    ['runc', null],
    ['runsc', 'gvisor'],
    ['io.containerd.runsc.v1', 'gvisor'],
    ['kata-qemu', 'kata'],
    ['io.containerd.kata.v2', 'kata'],
    ['nvidia', null],
  ])('by the runtime %s is kept apart by %s', (Runtime, isolation) => {
    expect(map({}, { HostConfig: { Runtime } }).isolation).toBe(isolation);
  });

  it('fault 109: that could not be started says why, an excerpt without what handed it on and without secrets', () => {
    const layers = 'failed to create task for container: failed to create shim task: OCI runtime create failed: ';
    const row = map(
      { State: 'created', Status: 'Created' },
      {
        State: {
          ExitCode: 127,
          StartedAt: '0001-01-01T00:00:00Z',
          Error: `${layers}runc create failed: unable to start container process: exec: "serve": executable file not found in $PATH, token=canary-of-the-test`,
        },
      },
    );
    expect(row).toMatchObject({
      state: 'failed',
      nativeState: 'created',
      stateReason: 'exec: "serve": executable file not found in $PATH, token=[redacted]',
    });
    expect(JSON.stringify(row)).not.toContain('canary');
    const older = map({ State: 'created' }, { State: { ExitCode: 127, Error: 'no such network '.repeat(90) } });
    expect(older.stateReason).toMatch(/^.{1,199}…$/);
  });

  it('that was never started has no start', () => {
    expect(map({}, { State: { StartedAt: '0001-01-01T00:00:00Z' } }).startedAt).toBeNull();
  });

  it('that could not be inspected says which of its fields say nothing', () => {
    const summary = { Id: ID, Status: 'Exited (137) 1 second ago' };
    expect(unknownOf({ summary, detail: null })).toContain('stateReason');
    const ofInspect = ['restarts', 'requests', 'limits', 'startedAt', 'isolation'];
    const up = (Status: string) => ({ Id: ID, State: 'running', Status });
    expect(unknownOf({ summary: up('Up 1 second (healthy)'), detail: null })).toEqual(ofInspect);
    expect(unknownOf({ summary: up('Up 1 second'), detail: null })).toEqual([...ofInspect, 'ready', 'readyReason']);
    const made = { Id: ID, State: 'created', Status: 'Created' };
    expect(unknownOf({ summary: made, detail: null })).toEqual([...ofInspect, 'state', 'stateReason']);
    expect(unknownOf({ summary, detail: detailOf({ State: {}, HostConfig: {} }) })).toEqual([]);
  });
});
