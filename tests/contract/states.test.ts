import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { InstanceStateName } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { Resource, Scope } from '#lib/model/index.ts';
import * as ec2 from '#providers/aws/map.ts';
import * as azure from '#providers/azure/state.ts';
import { detailOf } from '#providers/docker/map/detail.ts';
import { engineOf } from '#providers/docker/map/engine.ts';
import * as docker from '#providers/docker/map/map-container.ts';
import * as gce from '#providers/gcp/map.ts';
import { conditionOf, memberConditionOf } from '#providers/incus/map/state.ts';
import { createPlace } from '#providers/kubernetes/clusters/place.ts';
import { mapNode } from '#providers/kubernetes/map/map-node.ts';
import { mapPod } from '#providers/kubernetes/map/map-pod.ts';
import type { RawNode, RawPod } from '#providers/kubernetes/map/raw.ts';
import * as libvirt from '#providers/libvirt/map/state.ts';
import * as nova from '#providers/openstack/map.ts';
import { toHypervisor } from '#providers/openstack/map-hypervisor.ts';
import * as virtualbox from '#providers/virtualbox/map/map-vm.ts';
import * as workstation from '#providers/vmware-workstation/map/state.ts';
import { type Meaning, meaningsOf } from '#tests/support/states-table.ts';

const SHARED = path.join(import.meta.dirname, '../../../shared');
const SWAGGER = path.join(SHARED, 'recordings/docker/moby-swagger.yaml');
const FACTS = path.join(SHARED, 'facts/providers.md');

const scope: Scope = {
  id: 's/a/r/x',
  provider: 'p',
  source: 's',
  account: 'a',
  region: 'r',
  part: 'x',
  kind: 'vm',
  label: 'x',
};
const place = createPlace({ source: 's', scope: scope.id, cluster: 'c', clusterName: 'prod' });

type Said = Pick<Resource, 'state' | 'stateReason'>;
type Case = Pick<Meaning, 'native' | 'beside'>;

/** `exit 3, error no such file`: the word behind a word, or null. */
const after = (beside: string, word: string): string | null =>
  new RegExp(`(?:^|, )${word} (${word === 'error' ? '.*' : '[^,]*'})`).exec(beside)?.[1] ?? null;

const number = (text: string | null): number | undefined => (text === null ? undefined : Number(text));

function container({ native, beside }: Case): Said | undefined {
  const [word = ''] = beside.split(',');
  const reason = /^(exit|signal|pod|unscheduled) |^$/.test(word) ? undefined : word;
  const states: Record<string, object> = {
    running: { running: {} },
    waiting: { waiting: { reason } },
    terminated: {
      terminated: { reason, exitCode: number(after(beside, 'exit')), signal: number(after(beside, 'signal')) },
    },
    Terminating: { running: {} },
  };
  const state = states[native];
  const unscheduled = after(beside, 'unscheduled');
  const podReason = after(beside, 'pod') ?? undefined;
  const pod = {
    metadata: {
      name: 'p',
      uid: 'u',
      ...(native === 'Terminating' ? { deletionTimestamp: '2026-11-21T09:00:00Z' } : {}),
    },
    spec: { containers: [{ name: 'app' }] },
    status: {
      phase: state ? (podReason ? 'Failed' : 'Running') : native,
      reason: podReason,
      conditions: unscheduled ? [{ type: 'PodScheduled', status: 'False', reason: unscheduled }] : null,
      containerStatuses: state ? [{ name: 'app', state }] : null,
    },
  } as RawPod;
  return mapPod(pod, place, { node: () => undefined, controller: () => null, handler: () => undefined })[0];
}

/** As the systems' answers have it, through the mapping of each. */
const SAYS: Readonly<Record<string, (said: Case) => Said | undefined>> = {
  EC2: ({ native, beside }) =>
    ec2.toResource(
      {
        owner: 'a',
        instance: {
          InstanceId: 'i-1',
          State: { Name: native as InstanceStateName },
          ...(beside ? { StateReason: { Code: beside } } : {}),
        },
      },
      { scope, partition: 'aws', size: () => null },
    ),
  'Compute Engine': ({ native }) =>
    gce.toResource(
      { key: 'zones/z-1', instance: { id: '1', name: 'n', zone: 'zones/z-1', status: native } },
      { scope, console: null, size: () => null },
    ),
  Azure: ({ native, beside }) =>
    azure.stateOf({ statuses: [{ code: native }, ...(beside ? [{ code: beside }] : [])] }, null),
  OpenStack: ({ native, beside }) =>
    nova.toServer(
      {
        id: 'x',
        name: 'n',
        status: native,
        'OS-EXT-STS:task_state': after(beside, 'task'),
        host_status: after(beside, 'host') ?? 'UP',
      },
      { scope, cloud: 'c', region: 'r', flavor: () => null },
    ),
  'OpenStack hypervisors': ({ native, beside }) =>
    toHypervisor(
      { id: 1, hypervisor_hostname: 'h', state: native, status: beside || 'enabled' },
      { scope, cloud: 'c', region: 'r' },
    ),
  libvirt: ({ native, beside }) => libvirt.stateOf(beside ? `${native} (${beside})` : native),
  VirtualBox: ({ native }) => {
    const uuid = '00000000-0000-4000-8000-000000000001';
    const said = { name: 'n', UUID: uuid, VMState: native, GuestMemoryBalloon: '0' };
    const machine = native === 'inaccessible' ? null : new Map(Object.entries(said));
    return virtualbox.toResource({ uuid, machine, addresses: null }, { scope, user: 'u', hostname: 'h' });
  },
  'VMware Workstation': ({ native }) => ({ state: workstation.stateOf(native), stateReason: null }),
  'Kubernetes containers': container,
  'Kubernetes nodes': ({ native, beside }) => {
    const [word, cordon] = native.split(',');
    const status = { Ready: 'True', NotReady: 'False', Unknown: 'Unknown' }[word ?? ''];
    const node = {
      metadata: { name: 'n', uid: 'u' },
      spec: { unschedulable: cordon !== undefined },
      status: { conditions: [{ type: 'Ready', status, reason: beside || 'KubeletReady' }] },
    } as RawNode;
    return mapNode(node, place);
  },
  'Docker and Podman': ({ native, beside }) => {
    const exit = after(beside, 'exit');
    const words: Record<string, string> = {
      exited: `Exited (${exit}) 1 second ago`,
      restarting: `Restarting (${exit}) 1 second ago`,
    };
    const State = {
      ExitCode: Number(exit ?? 0),
      Error: after(beside, 'error') ?? '',
      OOMKilled: beside.endsWith('out of memory'),
    };
    const Status = (exit === null ? undefined : words[native]) ?? '';
    const engine = engineOf({ info: { ID: 'e', Name: 'd' }, podman: false }, 'unix:///d.sock');
    return docker.toResource(
      { summary: { Id: 'f'.repeat(64), State: native, Status }, detail: detailOf({ State, HostConfig: {} }) },
      engine,
      scope,
    );
  },
  'Incus and LXD': ({ native, beside }) => conditionOf(native, beside === 'stateful', beside !== 'never started'),
  'Members of Incus and LXD': ({ native }) => memberConditionOf(native),
};

describe.each(Object.entries(SAYS))('docs/states.md, %s', (system, says) => {
  it.each(meaningsOf(system).map((row) => [row.native, row.beside, row.state, row] as const))(
    'fault 109: %s with "%s" is %s',
    (_, __, ___, row) => {
      expect(says(row)).toMatchObject({ state: row.state, stateReason: row.reason });
    },
  );

  it('says of no word twice what it means with the same beside it', () => {
    const keys = meaningsOf(system).map(({ native, beside }) => `${native} (${beside})`);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });
});

const wordsOf = (system: string): string[] => [...new Set(meaningsOf(system).map(({ native }) => native))];
const missing = (said: readonly string[], system: string): string[] =>
  said.filter((word) => !wordsOf(system).includes(word));

describe('what vendors enumerate is in docs/states.md', () => {
  it('Incus and LXD: the codes below 200 of shared/api/status_code.go, but for that of an operation', () => {
    const words =
      'Started Stopped Running Cancelling Pending Starting Stopping Aborting Freezing Frozen Thawed Error Ready';
    expect(wordsOf('Incus and LXD').sort()).toEqual(words.split(' ').sort());
  });

  it('EC2: the states of its SDK', () => {
    expect(missing(Object.values(InstanceStateName), 'EC2')).toEqual([]);
  });

  it.skipIf(!existsSync(SWAGGER))(
    'Docker: the states of its API (skipped where ../shared/recordings is absent)',
    () => {
      const enums = [...readFileSync(SWAGGER, 'utf8').matchAll(/enum: \[("created", .*)\]/g)];
      const words = enums.flatMap(([, list = '']) => [...list.matchAll(/"(\w+)"/g)].map(([, word = '']) => word));
      expect(words).toContain('restarting');
      expect(missing(words, 'Docker and Podman')).toEqual([]);
    },
  );

  it.skipIf(!existsSync(FACTS))('the clouds and libvirt (skipped where ../shared/facts is absent)', () => {
    const lines = readFileSync(FACTS, 'utf8').split('\n');
    const about = (start: string): string => lines.find((line) => line.startsWith(`| ${start}`)) ?? '';
    const upper = (text: string): string[] => [...text.matchAll(/\b[A-Z_]{5,}\b/g)].map(([word]) => word);
    const google = upper(about('GCE'));
    expect(google.length).toBeGreaterThan(10);
    expect(missing(google, 'Compute Engine')).toEqual([]);
    const [servers = ''] = about('Nova status').split('`OS-EXT-STS');
    expect(upper(servers).length).toBeGreaterThan(15);
    expect(
      missing(
        upper(servers).filter((word) => word !== 'BUILD'),
        'OpenStack',
      ),
    ).toEqual([]);
    const words = /`list` words: ([^|.]*?)[ .]*\|/.exec(about('libvirt virDomainState'))?.[1]?.split(', ') ?? [];
    expect(words.length).toBeGreaterThan(5);
    expect(missing(words, 'libvirt')).toEqual([]);
  });
});
