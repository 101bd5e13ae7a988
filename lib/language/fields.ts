import { endText, readinessOf } from '#lib/model/condition.ts';
import { KINDS, LIFECYCLES, MANAGED, normalTagKey, READINESS, SCOPE_STATES, STATES } from '#lib/model/vocabulary.ts';
import { address, date, duration, factOf, keyword, left, number, right, setText, size, tag, text } from './entry.ts';
import type { ChangeText, Fact, Field, FieldRow, Part, Stored } from './field.ts';
import { addressesOf, exposedOf } from './grammar/reach.ts';

/** The machine of a row; for a container, that of what it runs on. */
const computerOf: Field['get'] = ({ kind, machine, host }) =>
  kind === 'container' ? (host?.machine ?? null) : (machine ?? null);

const unmeasured = (): null => null;
const YES_NO = ['yes', 'no'];
const yesOrNo = (value: boolean | null): string | null => (value === null ? null : value ? 'yes' : 'no');

/** An identity for people: a node's name without the cluster in front of it. */
const shortIdentity = ({ type, value }: FieldRow['hostedBy'][number]): string =>
  type === 'node' ? value.slice(value.lastIndexOf('/') + 1) : value;

const joined = (...parts: (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(' · ');

/** The provider's own words, where they say more than the state does. */
const nativeText = ({ state, nativeState, stateReason }: FieldRow): string =>
  joined(nativeState?.toLowerCase() === state ? null : nativeState, stateReason);

function amountText(amount: Stored['requests']): string | null {
  if (amount === null) return null;
  const { cpu, memory } = amount;
  return [cpu === null ? [] : `${cpu} CPU`, memory === null ? [] : `${memory} MiB`].flat().join(', ') || null;
}

/**
 * All fields in the order in which columns, export and documentation list them. A plain field of the model is one entry here and no
 * line elsewhere: `of` names the model's value, and all the rest follows.
 */
export const FIELDS: readonly Field[] = [
  text({
    key: 'name',
    label: 'Name',
    help: 'Name, or the id where it has none',
    of: 'name',
    index: 'name',
    sortable: true,
    column: left(198, true),
    cell: 'name',
  }),
  keyword({
    key: 'provider',
    label: 'Provider',
    help: 'System that runs it: aws, gcp, azure, kubernetes',
    of: 'provider',
    column: left(64, true),
    cell: 'provider',
    change: false,
  }),
  keyword({
    key: 'kind',
    label: 'Kind',
    help: 'vm, container or host (a node, a hypervisor)',
    of: 'kind',
    values: KINDS,
    column: left(90),
    change: false,
  }),
  keyword({
    key: 'state',
    label: 'State',
    help: 'State in the words that all providers share',
    of: 'state',
    values: STATES,
    column: left(136, true),
    cell: 'state',
    compared: { show: 'state' },
  }),
  keyword({
    key: 'native',
    label: 'Native state',
    help: 'State in the provider’s own word',
    of: 'nativeState',
    fact: { show: 'text', text: nativeText },
  }),
  keyword({
    key: 'reason',
    label: 'State reason',
    help: 'Why it is in this state, in the provider’s word',
    of: 'stateReason',
  }),
  keyword({
    key: 'ready',
    label: 'Ready',
    help: 'Whether it can do its work: containers, nodes; Docker’s health',
    of: 'ready',
    get: (item) => readinessOf(item.ready),
    values: READINESS,
    column: left(70),
    fact: { show: 'text', text: ({ ready, readyReason }) => joined(readinessOf(ready), ready ? null : readyReason) },
  }),
  keyword({
    key: 'ready.reason',
    label: 'Not ready because',
    help: 'Why it is not ready, in the provider’s word',
    of: 'readyReason',
    column: left(160),
  }),
  keyword({
    key: 'last',
    label: 'Last end',
    help: 'How its run before this one ended: OOMKilled, Error',
    of: 'lastEnd',
    get: (item) => item.lastEnd?.reason ?? null,
    change: ({ lastEnd }) => lastEnd && endText(lastEnd),
    fact: { show: 'text', text: ({ lastEnd }) => lastEnd && endText(lastEnd) },
  }),
  number({
    key: 'cpu',
    label: 'CPU used',
    help: 'CPU used of what it has, per cent; not measured yet',
    get: unmeasured,
    index: 'unmeasured',
    column: left(96, true),
    cell: 'unmeasured',
    fact: 'unmeasured',
  }),
  number({
    key: 'mem',
    label: 'Memory used',
    help: 'Memory used, per cent; not measured yet',
    get: unmeasured,
    index: 'unmeasured',
    column: left(100, true),
    cell: 'unmeasured',
    fact: 'unmeasured',
  }),
  number({
    key: 'vcpus',
    label: 'vCPU',
    help: 'Virtual CPUs provisioned',
    of: 'vcpus',
    column: right(56, true),
    cell: 'vcpus',
    fact: { label: 'Size', show: 'size' },
  }),
  size({
    key: 'memory',
    label: 'Memory',
    help: 'Memory provisioned',
    of: 'memory',
    column: right(76, true),
    cell: 'memory',
  }),
  keyword({
    key: 'type',
    label: 'Type',
    help: 'Instance type, machine type, VM size; QoS class of a container',
    of: 'type',
    column: left(124, true),
    cell: 'mono',
    fact: 'mono',
    compared: { show: 'mono', values: (row) => [row.type] },
  }),
  keyword({
    key: 'zone',
    label: 'Zone',
    help: 'Availability zone',
    of: 'zone',
    column: left(110, true),
    fact: {
      label: 'Place',
      show: 'text',
      text: (item) => joined(item.zone ?? item.region, item.cluster === null ? item.account : null),
    },
  }),
  keyword({
    key: 'region',
    label: 'Region',
    help: 'Region or location',
    of: 'region',
    compared: { show: 'text', values: (row) => [row.zone ?? row.region] },
  }),
  keyword({
    key: 'account',
    label: 'Account',
    help: 'AWS account, GCP project, Azure subscription; uid of a Kubernetes cluster',
    of: 'account',
    column: left(160),
    cell: 'account',
    compared: { show: 'account', values: (row) => [row.account] },
  }),
  keyword({ key: 'cluster', label: 'Cluster', help: 'Kubernetes cluster', of: 'cluster' }),
  keyword({
    key: 'namespace',
    label: 'Namespace',
    help: 'Kubernetes namespace',
    of: 'namespace',
    fact: { show: 'text', text: (item) => joined(item.namespace, item.cluster) },
  }),
  keyword({
    key: 'workload',
    label: 'Workload',
    help: 'Name of the workload that owns it',
    of: 'workload',
    get: (item) => item.workload?.name ?? null,
    column: left(180),
    change: ({ workload }) => workload && `${workload.kind}/${workload.name}`,
    fact: { show: 'text', text: ({ workload }) => workload && `${workload.kind} ${workload.name}` },
  }),
  keyword({
    key: 'workload.kind',
    label: 'Workload kind',
    help: 'Deployment, StatefulSet, scale set',
    of: 'workload',
    get: (item) => item.workload?.kind ?? null,
    change: false,
  }),
  text({ key: 'pod', label: 'Pod', help: 'Pod of the container', of: 'pod', cell: 'mono', fact: 'mono' }),
  number({
    key: 'requests.cpu',
    label: 'CPU requested',
    help: 'CPU requested, cores',
    of: 'requests',
    get: (item) => item.requests?.cpu ?? null,
    change: false,
  }),
  size({
    key: 'requests.memory',
    label: 'Memory requested',
    help: 'Memory requested',
    of: 'requests',
    get: (item) => item.requests?.memory ?? null,
    change: false,
  }),
  number({
    key: 'limits.cpu',
    label: 'CPU limit',
    help: 'CPU limit, cores',
    of: 'limits',
    get: (item) => item.limits?.cpu ?? null,
    change: false,
  }),
  size({
    key: 'limits.memory',
    label: 'Memory limit',
    help: 'Memory limit',
    of: 'limits',
    get: (item) => item.limits?.memory ?? null,
    change: false,
  }),
  number({
    key: 'physical.cpu',
    label: 'CPU, physical',
    help: 'CPU of a hypervisor’s hardware',
    of: 'physical',
    get: (item) => item.physical?.cpu ?? null,
    change: false,
  }),
  size({
    key: 'physical.memory',
    label: 'Memory, physical',
    help: 'Memory of a hypervisor’s hardware',
    of: 'physical',
    get: (item) => item.physical?.memory ?? null,
    change: false,
  }),
  keyword({
    key: 'image',
    label: 'Image',
    help: 'Image it was started from',
    of: 'image',
    column: left(220),
    cell: 'mono',
    fact: 'mono',
  }),
  keyword({ key: 'os', label: 'OS', help: 'Operating system', of: 'os', fact: 'text' }),
  address({
    key: 'ip',
    label: 'Address',
    help: 'Addresses on its interfaces and those mapped to it; takes networks such as 10.0.0.0/8',
    of: ['addresses', 'mappedAddresses'],
    get: addressesOf,
    fact: 'addresses',
    compared: { label: 'addresses', show: 'mono', values: addressesOf },
  }),
  keyword({
    key: 'exposed',
    label: 'Exposed',
    help: 'Whether it has a globally routable address',
    get: (item) => yesOrNo(exposedOf(item)),
    values: YES_NO,
    sortable: false,
    column: left(80),
  }),
  keyword({
    key: 'lifecycle',
    label: 'Lifecycle',
    help: 'How it is paid for: on-demand, spot',
    of: 'lifecycle',
    values: LIFECYCLES,
    fact: 'text',
  }),
  keyword({
    key: 'isolation',
    label: 'Isolation',
    help: 'How it is kept apart: dedicated, sev-snp, gvisor',
    of: 'isolation',
    fact: 'text',
  }),
  keyword({
    key: 'managed',
    label: 'Managed',
    help: 'What it stands on that nobody lists: fargate, autopilot',
    of: 'managed',
    values: MANAGED,
  }),
  duration({
    key: 'age',
    label: 'Age',
    help: 'Time since it was created',
    of: 'createdAt',
    change: false,
  }),
  date({
    key: 'created',
    label: 'Created',
    help: 'When it was created, UTC',
    of: 'createdAt',
    fact: 'time',
    compared: { show: 'time', values: (row) => [row.createdAt] },
  }),
  number({
    key: 'restarts',
    label: 'Restarts',
    help: 'Restarts of the container',
    of: 'restarts',
    column: right(80),
    fact: { show: 'figure', text: ({ restarts }) => (restarts === null || restarts === 0 ? null : String(restarts)) },
  }),
  text({
    key: 'on',
    label: 'Runs on',
    help: 'What it runs on, through all layers: name, id, uid, address or identity of a node, VM or hypervisor',
    of: 'hostedBy',
    get: (item) => item.hostedBy.map(shortIdentity),
    index: 'on',
    column: left(180),
    cell: 'host',
    change: (row) => setText(row.hostedBy.map(({ type, value }) => `${type}:${value}`)),
  }),
  text({
    key: 'runs',
    label: 'Runs',
    help: 'What runs on it, through all layers: name, id, uid or address of a container, node or VM',
    // A hypervisor runs thousands: `guests` says how many.
    get: () => null,
    index: 'runs',
    filterOnly: true,
    column: null,
  }),
  keyword({
    key: 'node',
    label: 'Node',
    help: 'Host that it is or runs on: <cluster>/<node>, a Docker host, a hypervisor',
    get: (item) => item.node ?? null,
    index: 'node',
    sortable: false,
    column: left(180),
  }),
  text({
    key: 'machine',
    label: 'Machine',
    help: 'Uid of the machine that it is; of a container, that it runs on',
    get: computerOf,
    index: 'machine',
    groups: true,
    cell: 'mono',
  }),
  number({
    key: 'members',
    label: 'Seen as',
    help: 'Rows that are this one machine',
    get: (item) => item.members ?? null,
    index: 'members',
    column: right(80),
  }),
  number({
    key: 'guests',
    label: 'Runs directly',
    help: 'Rows that run on it directly',
    get: (item) => item.guests ?? null,
    index: 'guests',
    column: right(80),
  }),
  keyword({
    key: 'source',
    label: 'Source',
    help: 'Configured source that listed it',
    of: 'source',
    change: false,
  }),
  keyword({
    key: 'scope',
    label: 'Scope',
    help: 'What is listed whole: source, account, region, part',
    of: 'scope',
    index: 'exact',
    column: left(220),
    cell: 'mono',
    change: false,
  }),
  keyword({
    key: 'freshness',
    label: 'Freshness',
    help: 'State of the scope that owns it',
    get: (item) => item.scopeState ?? null,
    index: 'freshness',
    values: SCOPE_STATES,
    column: left(110),
    cell: 'freshness',
  }),
  text({
    key: 'id',
    label: 'ID',
    help: 'Id in the provider’s own words',
    of: 'nativeId',
    index: 'id',
    cell: 'mono',
    change: false,
  }),
  text({
    key: 'uid',
    label: 'UID',
    help: 'Id that is unique over all providers',
    of: 'uid',
    cell: 'mono',
    change: false,
  }),
];

const part = (name: keyof Stored, label: string, text: ChangeText['text'] | null, fact: Fact | null = null): Part => ({
  name,
  label,
  change: text && { name, text },
  fact,
});

/** What the details and changes tell although no field of the grammar stands for it, or several do. */
const PARTS: readonly Part[] = [
  part('requests', 'Requests', (row) => amountText(row.requests), factOf('Requests / limits', 'requests', unmeasured)),
  part('limits', 'Limits', (row) => amountText(row.limits)),
  part(
    'allocatable',
    'Allocatable',
    (row) => amountText(row.allocatable),
    factOf('Allocatable', 'allocatable', unmeasured),
  ),
  part('physical', 'Physical', (row) => amountText(row.physical)),
  part('addresses', 'Address', (row) => setText(row.addresses)),
  part('mappedAddresses', 'Mapped address', (row) => setText(row.mappedAddresses)),
  // Their names in changes that were recorded before how an address is attached and how far it reaches were two things.
  { name: 'privateAddresses', label: 'Private address', change: null, fact: null },
  { name: 'publicAddresses', label: 'Public address', change: null, fact: null },
  part(
    'startedAt',
    'Started',
    (row) => row.startedAt,
    factOf('Started', 'time', (item) => item.startedAt),
  ),
  part('aliases', 'Aliases', null),
  part('identities', 'Identities', null),
  part('tags', 'Tags', null),
  part('consoleUrl', 'Console', null),
];

/** Where what a list does not name stands in it. */
const OTHERS = '*';

/** In the order of a list of names, what it does not name where {@link OTHERS} is, as it came. */
function inOrder<T>(told: readonly (readonly [name: string, told: T | null])[], names: string): T[] {
  const order = names.split(' ');
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.indexOf(OTHERS));
  return told.toSorted(([a], [b]) => place(a) - place(b)).flatMap(([, one]) => (one === null ? [] : [one]));
}

/** What changes are recorded of, in the order in which one commit tells them. */
export const CHANGES: readonly ChangeText[] = inOrder(
  [...FIELDS, ...PARTS].map(({ change }) => [change?.name ?? '', change]),
  'state nativeState stateReason ready readyReason lastEnd restarts name type vcpus memory requests limits allocatable ' +
    'physical region zone account cluster namespace workload pod image os addresses mappedAddresses createdAt startedAt ' +
    'lifecycle isolation managed * hostedBy',
);

/** The lines of the details in the order in which people ask for them. */
export const FACTS: readonly Fact[] = inOrder(
  [...FIELDS.map(({ key, fact }) => [key, fact] as const), ...PARTS.map(({ name, fact }) => [name, fact] as const)],
  'workload pod namespace image requests type vcpus allocatable ip startedAt created restarts last ready native zone os ' +
    'lifecycle isolation * cpu mem',
);

/** What two rows that may be one machine are compared by. */
export const COMPARED = inOrder(
  FIELDS.map(({ key, compared }) => [key, compared] as const),
  'state account region type created ip *',
);

export const isGroupable = ({ facet, groups }: Field): boolean => facet || groups === true;

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
  return tag({
    key: TAG_PREFIX + key,
    label: key,
    help: `Tag or label ${key}`,
    get: (item) => tagValue(item, key, normal),
  });
}

/** Fields, and how a key names one of them. */
export interface FieldTable {
  readonly all: readonly Field[];
  /** The field that a key of the grammar, URL or API names, or null. Keys ignore case; every `tag.<key>` is a field. */
  find(key: string): Field | null;
}

export function fieldTable(all: readonly Field[]): FieldTable {
  const byKey = new Map(all.map((field) => [field.key, field]));
  return {
    all,
    find: (key) => {
      const tagKey = tagKeyOf(key);
      return tagKey === null ? (byKey.get(key.toLowerCase()) ?? null) : tagField(tagKey);
    },
  };
}

export const FIELD_TABLE = fieldTable(FIELDS);
export const findField = FIELD_TABLE.find;

/** Labels by the model's names: that of the entry which tells its changes before that of a field which is made of it. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ...FIELDS.toReversed().flatMap(({ of, label }) => of.map((name) => [name, label] as const)),
  ...FIELDS.flatMap(({ change, label }) => (change ? [[change.name, label] as const] : [])),
  ...PARTS.map(({ name, label }) => [name, label] as const),
]);

/** What people call a value that has changed or is not known, by the model's name; that name where it has no other. */
export const labelOf = (name: string): string => LABELS.get(name) ?? findField(name)?.label ?? name;
