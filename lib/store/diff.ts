import { type Amount, endText, type Resource, readinessOf } from '#lib/model/index.ts';

type Row = Omit<Resource, 'raw'>;

export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
}

const amount = (value: Amount | null): string | null => {
  const parts: string[] = [];
  if (value !== null && value.cpu !== null) parts.push(`${value.cpu} CPU`);
  if (value !== null && value.memory !== null) parts.push(`${value.memory} MiB`);
  return parts.length === 0 ? null : parts.join(', ');
};

const number = (value: number | null): string | null => (value === null ? null : String(value));

// Systems return addresses in any order; only another set is a change.
const set = (values: readonly string[] | null): string | null => values?.toSorted().join(', ') || null;

/** The fields whose changes people ask about; the order is that of the change list. */
const FIELDS = Object.entries<(row: Row) => string | null>({
  state: (row) => row.state,
  nativeState: (row) => row.nativeState,
  stateReason: (row) => row.stateReason,
  ready: (row) => readinessOf(row.ready),
  readyReason: (row) => row.readyReason,
  lastEnd: (row) => (row.lastEnd === null ? null : endText(row.lastEnd)),
  restarts: (row) => number(row.restarts),
  name: (row) => row.name,
  type: (row) => row.type,
  vcpus: (row) => number(row.vcpus),
  memory: (row) => number(row.memory),
  requests: (row) => amount(row.requests),
  limits: (row) => amount(row.limits),
  allocatable: (row) => amount(row.allocatable),
  physical: (row) => amount(row.physical),
  region: (row) => row.region,
  zone: (row) => row.zone,
  account: (row) => row.account,
  cluster: (row) => row.cluster,
  namespace: (row) => row.namespace,
  workload: (row) => (row.workload === null ? null : `${row.workload.kind}/${row.workload.name}`),
  pod: (row) => row.pod,
  image: (row) => row.image,
  os: (row) => row.os,
  addresses: (row) => set(row.addresses),
  mappedAddresses: (row) => set(row.mappedAddresses),
  createdAt: (row) => row.createdAt,
  startedAt: (row) => row.startedAt,
  lifecycle: (row) => row.lifecycle,
  isolation: (row) => row.isolation,
  managed: (row) => row.managed,
  hostedBy: (row) => set(row.hostedBy.map((identity) => `${identity.type}:${identity.value}`)),
});

/** What changed between two sightings of one resource, one entry per field and per tag key (`tag.<key>`). */
export function diff(before: Row, after: Row): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const [field, read] of FIELDS) {
    const from = read(before);
    const to = read(after);
    if (from !== to) changes.push({ field, from, to });
  }
  for (const [key, from] of Object.entries(before.tags)) {
    const to = Object.hasOwn(after.tags, key) ? (after.tags[key] ?? null) : null;
    if (from !== to) changes.push({ field: `tag.${key}`, from, to });
  }
  for (const [key, to] of Object.entries(after.tags)) {
    if (!Object.hasOwn(before.tags, key)) changes.push({ field: `tag.${key}`, from: null, to });
  }
  return changes;
}
