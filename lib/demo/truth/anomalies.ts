import { type Draft, few } from '../plan/draft.ts';
import { hex } from '../time/hash.ts';
import type { Anomaly, Cluster } from '../types/types.ts';

/**
 * Plants into clusters what identity linking must survive, a few of each; how many says {@link few}. A node has one anomaly at most, so that
 * each conflict can be told from the others.
 */
export function plantAnomalies(clusters: readonly Draft<Cluster>[], seed: number, resources: number): void {
  const count = few(resources);
  if (count === 0) return;
  const of = (cloud: Cluster['cloud']) => clusters.filter((c) => c.cloud === cloud && c.anomalies.size === 0);
  const grounds = { aws: of('aws'), gcp: of('gcp'), azure: of('azure'), openstack: of('openstack') };
  const books = new Map(clusters.map((cluster) => [cluster, new Map(cluster.anomalies)]));
  const plant = (
    list: readonly Draft<Cluster>[],
    turn: number,
    anomaly: Anomaly,
  ): readonly [Cluster, number] | null => {
    const cluster = list[turn % list.length];
    const book = cluster && books.get(cluster);
    const index = book && freeIndex(cluster, book);
    if (index === undefined || !cluster) return null;
    book?.set(index, anomaly);
    return [cluster, index];
  };

  for (let i = 0; i < 2 * count; i++) {
    plant(grounds.gcp, i >> 1, { reused: { said: i % 2 === 0 } });
    plant(grounds.azure, i, { unlisted: true });
    plant(grounds.azure, i, { noProviderId: true, swapped: true });
  }
  for (let i = 0; i < count; i++) {
    const claimed = plant(grounds.aws, i, { claimed: true });
    const by = grounds.openstack[i % grounds.openstack.length];
    if (claimed && by) by.staleNodes = [...by.staleNodes, { cluster: claimed[0], index: claimed[1] }];
    for (let clone = 0; clone < 3; clone++) plant(grounds.aws, i, { machineId: hex(32, [seed, 6, i]) });
  }
  for (let i = 0; i < (resources < 20_000 ? 1 : 2); i++) plant(grounds.openstack, i, { docker: true });
  reserve(grounds.aws[0], count + 1, 'fargate', books);
  reserve(grounds.azure[0], count, 'virtual-node', books);
  if (grounds.openstack[0]) grounds.openstack[0].virtualMachines = count + 1;
  for (const cluster of clusters) cluster.anomalies = books.get(cluster) ?? cluster.anomalies;
}

/** Half of a cluster's nodes stay as they are, and those of its spot pool, which an anomaly would keep from being replaced. */
function freeIndex(cluster: Cluster, book: ReadonlyMap<number, Anomaly>): number | undefined {
  if (book.size * 2 >= cluster.nodes) return undefined;
  for (let index = 0; index < cluster.nodes; index++) if (index % 4 !== 3 && !book.has(index)) return index;
  return undefined;
}

/** Adds nodes without a VM to a cluster, at its end. */
function reserve(
  cluster: Draft<Cluster> | undefined,
  count: number,
  managed: NonNullable<Anomaly['managed']>,
  books: ReadonlyMap<Cluster, Map<number, Anomaly>>,
): void {
  if (!cluster) return;
  for (let i = 0; i < count; i++) books.get(cluster)?.set(cluster.nodes + i, { managed });
  cluster.nodes += count;
  cluster.reserved += count;
}
