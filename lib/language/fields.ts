import { readinessOf } from '#lib/model/condition.ts';
import { KINDS, LIFECYCLES, MANAGED, normalTagKey, READINESS, SCOPE_STATES, STATES } from '#lib/model/vocabulary.ts';
import type { Field, FieldRow, FieldType } from './field.ts';
import { addressesOf, exposedOf } from './grammar/reach.ts';

type Column = NonNullable<Field['column']>;
type Get = Field['get'];

const left = (width: number, shown = false): Column => ({ width, align: 'left', shown });
const right = (width: number, shown = false): Column => ({ width, align: 'right', shown });

/** Text that repeats over many rows: filtered by value, counted as a facet, grouped by. */
function keyword(key: string, label: string, help: string, get: Get, column: Column | null = left(140)): Field {
  return { key, label, type: 'keyword', help, get, facet: true, sortable: true, column };
}

/** Its order would say nothing, and every order costs memory. */
const unsorted = (field: Field): Field => ({ ...field, sortable: false });

/** One of a closed set of values. */
function choice(field: Field, values: readonly string[]): Field {
  return { ...field, values };
}

/** Text of its own in nearly every row: no facet. */
function text(key: string, label: string, help: string, get: Get, column: Column | null = left(220)): Field {
  return { key, label, type: 'text', help, get, facet: false, sortable: true, column };
}

function ordered(type: FieldType, key: string, label: string, help: string, get: Get, column = right(110)): Field {
  return { key, label, type, help, get, facet: false, sortable: true, column };
}

/** The machine of a row; for a container, that of what it runs on. */
const computerOf: Get = ({ kind, machine, host }) =>
  kind === 'container' ? (host?.machine ?? null) : (machine ?? null);

const unmeasured: Get = () => null;
const YES_NO = ['yes', 'no'];
const yesOrNo = (value: boolean | null): string | null => (value === null ? null : value ? 'yes' : 'no');
const exposed: Get = (item) => yesOrNo(exposedOf(item));

/** An identity for people: a node's name without the cluster in front of it. */
const shortIdentity = ({ type, value }: FieldRow['hostedBy'][number]): string =>
  type === 'node' ? value.slice(value.lastIndexOf('/') + 1) : value;

/** All fields in the order in which columns and documentation list them. */
export const FIELDS: readonly Field[] = [
  text('name', 'Name', 'Name, or the id where it has none', (item) => item.name, left(198, true)),
  keyword(
    'provider',
    'Provider',
    'System that runs it: aws, gcp, azure, kubernetes',
    (i) => i.provider,
    left(64, true),
  ),
  choice(
    keyword('kind', 'Kind', 'vm, container or host (a node, a hypervisor)', (item) => item.kind, left(90)),
    KINDS,
  ),
  choice(
    keyword('state', 'State', 'State in the words that all providers share', (item) => item.state, left(136, true)),
    STATES,
  ),
  keyword('native', 'Native state', 'State in the provider’s own word', (item) => item.nativeState),
  keyword('reason', 'State reason', 'Why it is in this state, in the provider’s word', (item) => item.stateReason),
  choice(
    keyword(
      'ready',
      'Ready',
      'Whether it can do its work: containers, nodes; Docker’s health',
      (item) => readinessOf(item.ready),
      left(70),
    ),
    READINESS,
  ),
  keyword(
    'ready.reason',
    'Not ready because',
    'Why it is not ready, in the provider’s word',
    (item) => item.readyReason,
    left(160),
  ),
  keyword('last', 'Last end', 'How its run before this one ended: OOMKilled, Error', (i) => i.lastEnd?.reason ?? null),
  ordered(
    'number',
    'cpu',
    'CPU used',
    'CPU used of what it has, per cent; not measured yet',
    unmeasured,
    left(96, true),
  ),
  ordered('number', 'mem', 'Memory used', 'Memory used, per cent; not measured yet', unmeasured, left(100, true)),
  ordered('number', 'vcpus', 'vCPU', 'Virtual CPUs provisioned', (item) => item.vcpus, right(56, true)),
  ordered('size', 'memory', 'Memory', 'Memory provisioned', (item) => item.memory, right(76, true)),
  keyword(
    'type',
    'Type',
    'Instance type, machine type, VM size; QoS class of a container',
    (i) => i.type,
    left(124, true),
  ),
  keyword('zone', 'Zone', 'Availability zone', (item) => item.zone, left(110, true)),
  keyword('region', 'Region', 'Region or location', (item) => item.region),
  keyword(
    'account',
    'Account',
    'AWS account, GCP project, Azure subscription; uid of a Kubernetes cluster',
    (item) => item.account,
    left(160),
  ),
  keyword('cluster', 'Cluster', 'Kubernetes cluster', (item) => item.cluster),
  keyword('namespace', 'Namespace', 'Kubernetes namespace', (item) => item.namespace),
  keyword(
    'workload',
    'Workload',
    'Name of the workload that owns it',
    (item) => item.workload?.name ?? null,
    left(180),
  ),
  keyword(
    'workload.kind',
    'Workload kind',
    'Deployment, StatefulSet, scale set',
    (item) => item.workload?.kind ?? null,
  ),
  unsorted(text('pod', 'Pod', 'Pod of the container', (item) => item.pod)),
  ordered('number', 'requests.cpu', 'CPU requested', 'CPU requested, cores', (item) => item.requests?.cpu ?? null),
  ordered('size', 'requests.memory', 'Memory requested', 'Memory requested', (item) => item.requests?.memory ?? null),
  ordered('number', 'limits.cpu', 'CPU limit', 'CPU limit, cores', (item) => item.limits?.cpu ?? null),
  ordered('size', 'limits.memory', 'Memory limit', 'Memory limit', (item) => item.limits?.memory ?? null),
  ordered('number', 'physical.cpu', 'CPU, physical', 'CPU of a hypervisor’s hardware', (i) => i.physical?.cpu ?? null),
  ordered(
    'size',
    'physical.memory',
    'Memory, physical',
    'Memory of a hypervisor’s hardware',
    (i) => i.physical?.memory ?? null,
  ),
  keyword('image', 'Image', 'Image it was started from', (item) => item.image, left(220)),
  keyword('os', 'OS', 'Operating system', (item) => item.os),
  {
    key: 'ip',
    label: 'Address',
    type: 'address',
    help: 'Addresses on its interfaces and those mapped to it; takes networks such as 10.0.0.0/8',
    get: addressesOf,
    facet: false,
    sortable: false,
    column: left(140),
  },
  unsorted(
    choice(keyword('exposed', 'Exposed', 'Whether it has a globally routable address', exposed, left(80)), YES_NO),
  ),
  choice(
    keyword('lifecycle', 'Lifecycle', 'How it is paid for: on-demand, spot', (i) => i.lifecycle),
    LIFECYCLES,
  ),
  keyword('isolation', 'Isolation', 'How it is kept apart: dedicated, sev-snp, gvisor', (item) => item.isolation),
  choice(
    keyword('managed', 'Managed', 'What it stands on that nobody lists: fargate, autopilot', (i) => i.managed),
    MANAGED,
  ),
  ordered('duration', 'age', 'Age', 'Time since it was created', (item) => item.createdAt, right(80)),
  ordered('date', 'created', 'Created', 'When it was created, UTC', (item) => item.createdAt, right(150)),
  ordered('number', 'restarts', 'Restarts', 'Restarts of the container', (item) => item.restarts, right(80)),
  {
    key: 'on',
    label: 'Runs on',
    type: 'text',
    help: 'What it runs on, through all layers: name, id, uid, address or identity of a node, VM or hypervisor',
    get: (item) => item.hostedBy.map(shortIdentity),
    facet: false,
    sortable: false,
    column: left(180),
  },
  {
    key: 'runs',
    label: 'Runs',
    type: 'text',
    help: 'What runs on it, through all layers: name, id, uid or address of a container, node or VM',
    // A hypervisor runs thousands: `guests` says how many.
    get: () => null,
    filterOnly: true,
    facet: false,
    sortable: false,
    column: null,
  },
  unsorted(
    keyword(
      'node',
      'Node',
      'Host that it is or runs on: <cluster>/<node>, a Docker host, a hypervisor',
      (item) => item.node ?? null,
      left(180),
    ),
  ),
  {
    key: 'machine',
    label: 'Machine',
    type: 'text',
    help: 'Uid of the machine that it is; of a container, that it runs on',
    get: computerOf,
    facet: false,
    groups: true,
    sortable: false,
    column: left(220),
  },
  ordered('number', 'members', 'Seen as', 'Rows that are this one machine', (item) => item.members ?? null, right(80)),
  ordered(
    'number',
    'guests',
    'Runs directly',
    'Rows that run on it directly',
    (item) => item.guests ?? null,
    right(80),
  ),
  keyword('source', 'Source', 'Configured source that listed it', (item) => item.source),
  keyword('scope', 'Scope', 'What is listed whole: source, account, region, part', (item) => item.scope, left(220)),
  choice(
    keyword('freshness', 'Freshness', 'State of the scope that owns it', (item) => item.scopeState ?? null, left(110)),
    SCOPE_STATES,
  ),
  unsorted(text('id', 'ID', 'Id in the provider’s own words', (item) => item.nativeId)),
  unsorted(text('uid', 'UID', 'Id that is unique over all providers', (item) => item.uid)),
];

export const isGroupable = ({ facet, groups }: Field): boolean => facet || groups === true;

const BY_KEY: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.key, field]));

const TAG_PREFIX = 'tag.';

/** The tag key of a field key such as `tag.Cost-Center`, or null if it names no tag. */
export function tagKeyOf(key: string): string | null {
  return key.slice(0, TAG_PREFIX.length).toLowerCase() === TAG_PREFIX ? key.slice(TAG_PREFIX.length) : null;
}

/** The first value whose key is the same when case, space, underscore and dash are ignored; the exact spelling wins. */
function tagValue(item: FieldRow, key: string, normal: string): string | null {
  if (Object.hasOwn(item.tags, key)) return item.tags[key] ?? null;
  for (const [other, value] of Object.entries(item.tags)) if (normalTagKey(other) === normal) return value;
  return null;
}

/** The field of one tag key: `tag.team` finds `Team`, `TEAM` and `te-am` as well. */
export function tagField(key: string): Field {
  const normal = normalTagKey(key);
  return {
    key: TAG_PREFIX + key,
    label: key,
    type: 'tag',
    help: `Tag or label ${key}`,
    get: (item) => tagValue(item, key, normal),
    facet: true,
    sortable: true,
    column: left(140),
  };
}

/** The field that a key of the grammar, URL or API names, or null. Keys ignore case; every `tag.<key>` is a field. */
export function findField(key: string): Field | null {
  const tag = tagKeyOf(key);
  return tag === null ? (BY_KEY.get(key.toLowerCase()) ?? null) : tagField(tag);
}
