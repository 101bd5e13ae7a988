import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type RealApiServer, startedApiServer } from '#tests/support/kubernetes/real-apiserver.ts';
import { newPod, TABLE_PODS } from '#tests/support/kubernetes/table/pods.ts';
import type { TablePod } from '#tests/support/kubernetes/table/status.ts';

const FIXTURE = path.join(import.meta.dirname, '../fixtures/kubernetes-table.json');
const PODS = '/api/v1/namespaces/default/pods';
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

interface Table {
  columnDefinitions: { name: string }[];
  rows: { cells: string[] }[];
}
interface Pod {
  metadata: Record<string, unknown> & { name: string };
}

const { server, title } = await startedApiServer();
afterAll(() => server?.stop());

/** Writes a pod and its status as controllers and a kubelet would. */
async function put(api: RealApiServer, pod: TablePod): Promise<void> {
  const made = await api.ask<Pod>('POST', PODS, newPod(pod));
  await api.ask('PUT', `${PODS}/${pod.name}/status`, { ...made, status: { qosClass: 'BestEffort', ...pod.status } });
  if (pod.deleted) await api.ask('DELETE', `${PODS}/${pod.name}`, {});
}

/** What differs with each run is put in order; who wrote which field is nobody's matter. */
function settled({ metadata, ...pod }: Pod, at: number): object {
  const { managedFields, ...kept } = metadata;
  const uid = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  const times = { creationTimestamp: '2026-11-21T08:00:00Z' };
  const end = kept.deletionTimestamp === undefined ? {} : { deletionTimestamp: '2026-11-21T09:00:00Z' };
  return { ...pod, metadata: { ...kept, uid, resourceVersion: String(at + 1), ...times, ...end } };
}

/** A line a pod, keys in order: what differs in two recordings differs in content. */
const text = (recorded: readonly object[]): string =>
  `[\n${recorded.map((one) => JSON.stringify(one, inOrder)).join(',\n')}\n]\n`;

const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

describe.skipIf(server === null)(title, { timeout: 60_000 }, () => {
  it('fault 108: prints every kind of pod as it is recorded', async () => {
    const api = server as RealApiServer;
    for (const pod of TABLE_PODS) await put(api, pod);
    const { columnDefinitions, rows } = await api.ask<Table>('GET', PODS, undefined, TABLE);
    const column = (name: string) => columnDefinitions.findIndex((candidate) => candidate.name === name);
    const cells = new Map(rows.map((row) => [row.cells[column('Name')], row.cells]));
    const recorded = [];
    for (const [at, { name }] of TABLE_PODS.entries()) {
      const pod = await api.ask<Pod>('GET', `${PODS}/${name}`);
      const cell = (of: string) => cells.get(name)?.[column(of)];
      recorded.push({
        name,
        // Behind the count stands how long ago it was.
        cells: { ready: cell('Ready'), status: cell('Status'), restarts: cell('Restarts')?.split(' ')[0] },
        pod: settled(pod, at),
      });
    }
    // Recorded anew with `vitest -u`.
    await expect(text(recorded)).toMatchFileSnapshot(FIXTURE);
  });
});
