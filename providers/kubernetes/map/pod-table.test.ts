import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Resource } from '#lib/model/index.ts';
import { createPlace, type Lookup } from '../clusters/place.ts';
import { mapPod } from './map-pod.ts';
import type { RawPod } from './raw.ts';

/** What a real API server prints of each kind of pod (`Accept: application/json;as=Table`), which is what kubectl shows. */
interface Printed {
  name: string;
  pod: RawPod;
  cells: { ready: string; status: string; restarts: string };
}

const table: Printed[] = JSON.parse(
  readFileSync(new URL('../../../tests/fixtures/kubernetes-table.json', import.meta.url), 'utf8'),
);

const place = createPlace({ source: 's', scope: 's/c/*/pods', cluster: 'c', clusterName: 'prod' });
const nothing: Lookup = {
  node: () => undefined,
  controller: () => null,
  handler: () => undefined,
};

interface Detail {
  type: 'container' | 'init' | 'ephemeral';
  container: { restartPolicy?: string };
  pod: { phase?: string; deletionTimestamp?: string; conditions?: Record<string, string> };
}
const detailOf = ({ raw }: Resource) => raw as unknown as Detail;
const isSidecar = (row: Resource) =>
  detailOf(row).type === 'init' && detailOf(row).container.restartPolicy === 'Always';
const isRegular = (row: Resource) => detailOf(row).type === 'container';

/** The container's own word; its pod's stands in parentheses behind it. */
const wordOf = ({ stateReason, nativeState }: Resource): string =>
  (stateReason ?? nativeState ?? '').replace(/ \(.*\)$/, '');

/** Of Muster's rows alone, as kubectl puts the containers of a pod together. */
function readyOf(rows: readonly Resource[]): string {
  const serving = rows.filter((row) => isRegular(row) || isSidecar(row));
  return `${serving.filter(({ ready }) => ready === true).length}/${serving.length}`;
}

function statusOf(rows: readonly Resource[]): string {
  const [first] = rows.filter(isRegular);
  if (!first) return '';
  const { phase, deletionTimestamp, conditions } = detailOf(first).pod;
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  if (deletionTimestamp && !isOver) return first.state === 'unknown' ? 'Unknown' : 'Terminating';
  const regular = rows.filter(isRegular);
  const isInitializing = regular.some(({ stateReason }) => stateReason === 'PodInitializing');
  const inits = rows.filter((row) => detailOf(row).type === 'init');
  const isDone = (row: Resource) =>
    row.state === 'terminated' ||
    (isSidecar(row) && row.state === 'running' && (row.ready === true || !isInitializing));
  const pending = inits.find((row) => !isDone(row));
  if (pending && (!isOver || pending.nativeState === 'terminated')) {
    const isNamed = pending.state === 'failed' && pending.stateReason !== 'PodInitializing';
    return isNamed ? `Init:${wordOf(pending)}` : `Init:${inits.indexOf(pending)}/${inits.length}`;
  }
  const words = regular
    .filter(
      ({ nativeState, stateReason }) => nativeState === 'terminated' || (nativeState === 'waiting' && stateReason),
    )
    .map(wordOf);
  const word = words.find((one) => one !== 'Completed') ?? words[0];
  if (word === 'Completed' && regular.some(({ state }) => state === 'running'))
    return conditions?.Ready === 'True' ? 'Running' : 'NotReady';
  return word ?? first.stateReason ?? phase ?? '';
}

/** Where Muster says something else than kubectl, and why. */
const ELSE: Readonly<Record<string, { ready?: string; status?: string; why: string }>> = {
  'pending-unschedulable': { status: 'Unschedulable', why: 'why it is pending is the one thing worth knowing' },
  'running-readiness-gate': {
    ready: '0/1',
    why: 'a pod whose gates are closed gets no requests; kubectl tells with -o wide',
  },
  'phase-unknown': { ready: '0/1', why: 'nobody hears of its node, and the pod says that it is not ready' },
  'failed-still-running': { ready: '0/1', why: 'the pod is over: nothing of it is ready, any more' },
};

it.each(table.map((printed) => [printed.name, printed] as const))(
  'fault 107, fault 108: says of the pod %s what kubectl says, or more',
  (name, { pod, cells }) => {
    const rows = mapPod(pod, place, nothing);
    const { why: _, ...other } = ELSE[name] ?? { why: '' };
    expect({ ready: readyOf(rows), status: statusOf(rows) }).toEqual({
      ready: cells.ready,
      status: cells.status,
      ...other,
    });
  },
);

it('names no pod that was not recorded', () => {
  const names = table.map(({ name }) => name);
  expect(Object.keys(ELSE).filter((name) => !names.includes(name))).toEqual([]);
});
