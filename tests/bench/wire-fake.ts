import { type Fleet, type Node, type Owner, openFleet, type Pod } from '#lib/demo/index.ts';
import { reservationOf } from '#providers/aws/wire.ts';
import { nodeObject, ownerObject, podObject } from '#providers/kubernetes/mock/wire.ts';
import { awsCloud, xml } from '#tests/fakes/aws.ts';
import { ec2Xml } from '#tests/fakes/aws-xml.ts';
import { type KubeObject, metadataOnly } from '#tests/fakes/kube-store.ts';
import { kubernetesCloud } from '#tests/fakes/kubernetes.ts';
import { type FakeCloud, json, type Reply, startFake } from '#tests/fakes/server.ts';

// A process of its own, so that the CPU of the listing is not that of the fake: `node tests/bench/wire-fake.ts aws 50000`. Its pages are
// made before it says its address (one line of JSON); after that an answer costs it no more than writing bytes.

const NOW = Date.parse('2026-11-21T09:00:00Z');

export interface BenchFake {
  url: string;
  rows: number;
  account: string;
  region: string;
  cluster: string;
}

function take<T>(rows: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const row of rows) {
    if (taken.length === count) break;
    taken.push(row);
  }
  return taken;
}

function pagesOf<T>(
  rows: readonly T[],
  size: number,
  reply: (page: readonly T[], next: string | null) => Reply,
): Reply[] {
  const pages: Reply[] = [];
  for (let at = 0; at < rows.length; at += size) {
    pages.push(reply(rows.slice(at, at + size), at + size < rows.length ? `page-${at / size + 1}` : null));
  }
  return pages;
}

const pageNumber = (token: string | null): number => Number(token?.slice('page-'.length) ?? 0);

function ec2Pages(fleet: Fleet, count: number): Reply[] {
  const moment = fleet.at(NOW);
  const machines = fleet
    .accounts('aws')
    .values()
    .flatMap((account) => account.places)
    .flatMap((place) => moment.machines(place));
  return pagesOf(take(machines, count).map(reservationOf), 1000, (page, next) =>
    xml(ec2Xml('DescribeInstances', { Reservations: page, ...(next ? { NextToken: next } : {}) })),
  );
}

/** What one cluster lists: pods of all clusters of the fleet as if they were in one, with their owners and nodes. */
function clusterPages(fleet: Fleet, count: number): Map<string, Reply[]> {
  const moment = fleet.at(NOW);
  const pods: Pod[] = [];
  const owners: Owner[] = [];
  const nodes: Node[] = [];
  for (const cluster of fleet.clusters()) {
    if (pods.length >= count) break;
    pods.push(...moment.pods(cluster));
    owners.push(...moment.owners(cluster));
    nodes.push(...moment.nodes(cluster));
  }
  const list = (objects: readonly object[]) =>
    pagesOf(objects, 500, (items, next) =>
      json({
        kind: 'List',
        apiVersion: 'v1',
        metadata: { resourceVersion: '9', ...(next ? { continue: next } : {}) },
        items,
      }),
    );
  const owned = (kind: Owner['kind']) =>
    list(
      owners.filter((owner) => owner.kind === kind).map((owner) => metadataOnly(ownerObject(owner, '1') as KubeObject)),
    );
  return new Map([
    ['list pods', list(pods.slice(0, count).map((pod) => podObject(pod, '1')))],
    ['list nodes', list(nodes.map((node) => nodeObject(node, '1')))],
    ['list replicasets.apps', owned('ReplicaSet')],
    ['list jobs.batch', owned('Job')],
  ]);
}

const aws = (pages: readonly Reply[]): FakeCloud => {
  const cloud = awsCloud();
  return {
    action: (request) => cloud.action(request),
    answer: (request, tools) =>
      request.action === 'ec2:DescribeInstances'
        ? (pages[pageNumber(new URLSearchParams(request.body).get('NextToken'))] ?? xml(''))
        : cloud.answer(request, tools),
  };
};

const kubernetes = (lists: ReadonlyMap<string, readonly Reply[]>): FakeCloud => {
  const cloud = kubernetesCloud();
  return {
    action: (request) => cloud.action(request),
    answer: (request, tools) =>
      lists.get(request.action)?.[pageNumber(request.query.get('continue'))] ?? cloud.answer(request, tools),
  };
};

const [provider, text] = process.argv.slice(2);
const count = Number(text);
const fleet = openFleet({ seed: 1, resources: Math.min(1_000_000, count * 8), faults: false });
const fake = await startFake(
  provider === 'aws' ? aws(ec2Pages(fleet, count)) : kubernetes(clusterPages(fleet, count)),
  {
    fleet,
    now: () => NOW,
  },
);
const account = fleet.accounts('aws')[0];
const described: BenchFake = {
  url: fake.url,
  rows: count,
  account: account?.id ?? '',
  region: account?.places[0]?.region ?? '',
  cluster: fleet.clusters()[0]?.name ?? '',
};
process.stdout.write(`${JSON.stringify(described)}\n`);
process.on('SIGTERM', () => process.exit(0));
