import { below, hex, mix, uuid } from '#lib/demo/time/hash.ts';
import type { LinkRow } from '#lib/linking/index.ts';
import type { Identity } from '#lib/model/index.ts';

/*
 * A fleet as the stack reads it: of each 1,000 rows 100 are VMs (20 of them machines of nodes, 15 servers and their 15 domains), 20 are
 * hosts (nodes but for one hypervisor as Nova and as libvirt see it) and 880 are containers, 40 of which are seen by Docker too.
 */
const SERVERS = 15;
const NODES = 17;

const identity = (type: Identity['type'], value: string): Identity => ({ type, value });

/** Row `n`: the same for the same number, made when asked for. */
export function stackRow(n: number): LinkRow {
  const block = Math.floor(n / 1000);
  const place = n % 1000;
  if (place < 100) return vmRow(block, place);
  return place < 120 ? hostRow(block, place - 100) : containerRow(block, place - 120);
}

const instanceId = (block: number, i: number): string => `i-${hex(17, [block, i, 1])}`;
const serverId = (block: number, i: number): string => uuid([block, i, 2]);
const addressOf = (block: number, i: number): string => {
  const h = mix(block, i, 3);
  return `10.${h & 255}.${(h >>> 8) & 255}.${(h >>> 16) & 255}`;
};
const macOf = (block: number, i: number): string => (hex(12, [block, i, 4]).match(/../g) ?? []).join(':');
const hypervisor = (block: number, region = 'region-1'): string =>
  `openstack/keystone.example/${region}/compute-${block}`;

function member(fields: Pick<LinkRow, 'uid' | 'provider' | 'kind' | 'identities'> & Partial<LinkRow>): LinkRow {
  return { state: 'running', source: 's', hostedBy: [], createdAt: null, account: null, managed: null, ...fields };
}

function vmRow(block: number, i: number): LinkRow {
  const address = identity('address', addressOf(block, i));
  if (i >= 100 - 2 * SERVERS) {
    const server = (i - (100 - 2 * SERVERS)) % SERVERS;
    const id = serverId(block, server);
    const shared = [identity('system-uuid', id), identity('mac', macOf(block, 200 + server))];
    if (i < 100 - SERVERS) {
      const own = [identity('instance-id', id), identity('provider-id', id), identity('provider-id', `region-1/${id}`)];
      const hostedBy = [identity('host', hypervisor(block))];
      return member({
        uid: `k/r/${id}`,
        provider: 'openstack',
        kind: 'vm',
        identities: [...own, ...shared, address],
        hostedBy,
      });
    }
    const hostedBy = [identity('host', `libvirt/${uuid([block, 5])}`)];
    return member({ uid: `${uuid([block, 5])}/${id}`, provider: 'libvirt', kind: 'vm', identities: shared, hostedBy });
  }
  const id = instanceId(block, i);
  return member({
    uid: `arn:aws:ec2:eu-west-1:123456789012:instance/${id}`,
    provider: 'aws',
    kind: 'vm',
    identities: [
      identity('provider-id', `eu-west-1a/${id}`),
      identity('instance-id', id),
      identity('mac', macOf(block, i)),
      address,
      identity('hostname', `ip-${addressOf(block, i).replaceAll('.', '-')}.eu-west-1.compute.internal`),
    ],
  });
}

const nodeName = (block: number, i: number): string => `${uuid([Math.floor(block / 10), 6])}/node-${block}-${i}`;

function hostRow(block: number, i: number): LinkRow {
  const id = uuid([block, i, 7]);
  if (i === NODES) {
    const identities = [identity('host', hypervisor(block)), identity('hostname', `compute-${block}`)];
    return member({ uid: `keystone.example/hypervisor/${id}`, provider: 'openstack', kind: 'host', identities });
  }
  if (i === NODES + 1) {
    const identities = [identity('host', `libvirt/${uuid([block, 5])}`), identity('hostname', `compute-${block}`)];
    return member({ uid: uuid([block, 5]), provider: 'libvirt', kind: 'host', identities });
  }
  if (i === NODES + 2) {
    const identities = [identity('host', `docker/${id}`), identity('hostname', `node-${block}-0`)];
    return member({ uid: id, provider: 'docker', kind: 'host', identities });
  }
  const vm = instanceId(block, i);
  return member({
    uid: `cluster/${id}`,
    provider: 'kubernetes',
    kind: 'host',
    identities: [
      identity('node', nodeName(block, i)),
      identity('provider-id', `eu-west-1a/${vm}`),
      identity('instance-id', vm),
      identity('system-uuid', uuid([block, i, 8])),
      identity('machine-id', hex(32, [block, i, 9])),
      identity('address', addressOf(block, i)),
      identity('hostname', `node-${block}-${i}`),
    ],
  });
}

/** The first 40 stand on the first node, whose Docker shows them as well: the last 40. */
function containerRow(block: number, i: number): LinkRow {
  const isDocker = i >= 840;
  const number = isDocker ? i - 840 : i;
  const node = number < 40 ? 0 : 1 + below(mix(block, i, 10), NODES - 1);
  return member({
    uid: isDocker ? `docker/${block}/${number}` : `cluster/${uuid([block, number, 11])}/app`,
    provider: isDocker ? 'docker' : 'kubernetes',
    kind: 'container',
    identities: [identity('runtime-id', hex(64, [block, number, 12]))],
    hostedBy: isDocker
      ? [identity('host', `docker/${uuid([block, NODES + 2, 7])}`)]
      : [identity('node', nodeName(block, node))],
  });
}
