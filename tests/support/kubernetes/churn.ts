import { setTimeout as sleep } from 'node:timers/promises';
import type { RealApiServer } from './real-apiserver.ts';

const PODS = '/api/v1/namespaces/default/pods';
const MERGE = { 'content-type': 'application/strategic-merge-patch+json' };
const AT = '2026-11-21T08:00:05Z';
/** Connections of writers at once. */
const WRITERS = 8;
const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

export interface Above {
  kind: string;
  name: string;
}

/** Somebody who creates, changes and deletes what a cluster holds, as its controllers and kubelets do, and goes on after a server's death. */
export class Churn {
  /** Requests that the server took, by verb. */
  readonly done = { created: 0, changed: 0, deleted: 0 };
  /** What ReplicaSets and Jobs that are gone were controlled by; pods that were known before still say so. */
  readonly gone = new Map<string, Above>();
  /** Names of pods that are. */
  readonly pods = new Set<string>();
  readonly #api: RealApiServer;
  readonly #random: () => number;
  /** Nodes that are, and two that never were. */
  readonly #nodes = new Set(['never-1', 'never-2']);
  /** By name; null = deleted. */
  readonly #owners = new Map<string, { uid: string; above: Above; apiVersion: string; kind: string } | null>();
  #names = 0;

  constructor(api: RealApiServer, random: () => number) {
    this.#api = api;
    this.#random = random;
  }

  async createNodes(count: number): Promise<void> {
    await this.#all(range(count), async (n) => {
      const zone = ZONES[n % ZONES.length] ?? '';
      const labels = {
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': zone.slice(0, -1),
        'topology.kubernetes.io/zone': zone,
        ...(n % 4 === 0 ? { 'karpenter.sh/capacity-type': 'spot' } : {}),
      };
      const spec = { providerID: `kind://docker/churn/node-${n}` };
      await this.#create('/api/v1/nodes', { metadata: { name: `node-${n}`, labels }, spec });
      this.#nodes.add(`node-${n}`);
      await this.changeNode(n);
    });
  }

  async changeNode(n: number): Promise<void> {
    const ready = { type: 'Ready', status: this.#random() < 0.8 ? 'True' : 'False', reason: 'Kubelet' };
    const amount = { cpu: String(4 + Math.floor(this.#random() * 8)), memory: '16Gi' };
    await this.#change(`/api/v1/nodes/node-${n}/status`, {
      status: {
        conditions: [ready],
        capacity: amount,
        allocatable: amount,
        addresses: [{ type: 'InternalIP', address: `10.0.0.${n}` }],
        nodeInfo: NODE_INFO,
      },
    });
  }

  async deleteNode(n: number): Promise<void> {
    this.#nodes.delete(`node-${n}`);
    await this.#delete(`/api/v1/nodes/node-${n}`);
  }

  async createOwners(kind: 'ReplicaSet' | 'Job', names: readonly string[]): Promise<void> {
    const job = kind === 'Job';
    const [apiVersion, path] = job ? ['batch/v1', JOBS] : ['apps/v1', SETS];
    await this.#all(names, async (name) => {
      const above = { kind: job ? 'CronJob' : 'Deployment', name: `${name}-above` };
      const owner = { apiVersion, ...above, uid: `uid-of-${above.name}`, controller: true };
      const labels = { app: name };
      const template = {
        metadata: { labels },
        spec: { containers: [CONTAINER], restartPolicy: job ? 'Never' : 'Always' },
      };
      const spec = job ? { template } : { replicas: 1, selector: { matchLabels: labels }, template };
      await this.#create(path, { metadata: { name, labels, ownerReferences: [owner] }, spec });
      const { metadata } = await this.#api.ask<{ metadata: { uid: string } }>('GET', `${path}/${name}`);
      this.#owners.set(name, { uid: metadata.uid, above, apiVersion, kind });
    });
  }

  async deleteOwner(name: string): Promise<void> {
    const owner = this.#owners.get(name);
    if (!owner) throw new Error(`no owner ${name}`);
    this.#owners.set(name, null);
    this.gone.set(owner.uid, owner.above);
    await this.#delete(`${owner.kind === 'Job' ? JOBS : SETS}/${name}?propagationPolicy=Orphan`);
  }

  /** Pods of the owners that are, of some that never were, and of none. */
  async createPods(count: number): Promise<void> {
    const owners = [...this.#owners].filter(([, owner]) => owner !== null);
    const nodes = [...this.#nodes];
    await this.#all(range(count), async () => {
      const name = `pod-${this.#names++}`;
      const [ownerName, owner] = owners[Math.floor(this.#random() * owners.length * 1.5)] ?? [];
      const never = {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: `never-${name}`,
        uid: `never-${name}`,
        controller: true,
      };
      const reference = owner
        ? { apiVersion: owner.apiVersion, kind: owner.kind, name: ownerName, uid: owner.uid, controller: true }
        : never;
      const alone = !owner && this.#random() < 0.5;
      await this.#create(PODS, {
        metadata: { name, labels: { app: 'web', pod: name }, ...(alone ? {} : { ownerReferences: [reference] }) },
        spec: {
          nodeName: nodes[Math.floor(this.#random() * nodes.length)],
          containers: this.#random() < 0.2 ? [CONTAINER, { ...CONTAINER, name: 'helper' }] : [CONTAINER],
          ...(this.#random() < 0.1 ? { initContainers: [{ ...CONTAINER, name: 'setup' }] } : {}),
          automountServiceAccountToken: false,
        },
      });
      this.pods.add(name);
      await this.changePod(name);
    });
  }

  /** Another status, or another label. */
  async changePod(name: string): Promise<void> {
    const dice = this.#random();
    if (dice < 0.1) return this.#change(`${PODS}/${name}`, { metadata: { labels: { turn: `t${dice}`.slice(0, 9) } } });
    const [phase, state] = STATES[Math.floor(this.#random() * STATES.length)] ?? [];
    const now = (container: string) => ({
      name: container,
      // Null takes away what the last state left.
      state: { running: null, waiting: null, terminated: null, ...state },
      ready: state !== undefined && 'running' in state,
      restartCount: Math.floor(this.#random() * 9),
      image: 'registry.example/shop/web:1',
      imageID: '',
      containerID: `containerd://${name}-${container}`,
    });
    const ip = `10.1.${Math.floor(this.#random() * 200)}.${Math.floor(this.#random() * 200)}`;
    await this.#change(`${PODS}/${name}/status`, {
      status: { phase, podIP: ip, podIPs: [{ $patch: 'replace' }, { ip }], containerStatuses: [now('app')] },
    });
  }

  async deletePod(name: string): Promise<void> {
    this.pods.delete(name);
    await this.#delete(`${PODS}/${name}?gracePeriodSeconds=0`);
  }

  /** Changes most, deletes some: `count` pods in all, each once. */
  async shake(count: number, deletions: number): Promise<void> {
    const some = [...this.pods].toSorted(() => this.#random() - 0.5).slice(0, count);
    await this.#all([...some.entries()], ([at, name]) =>
      at < deletions ? this.deletePod(name) : this.changePod(name),
    );
  }

  async #create(path: string, object: object): Promise<void> {
    await this.#insist('POST', path, object, / answered 409/);
    this.done.created++;
  }
  async #change(path: string, patch: object): Promise<void> {
    await this.#insist('PATCH', path, patch);
    this.done.changed++;
  }
  async #delete(path: string): Promise<void> {
    await this.#insist('DELETE', path, undefined, / answered 404/);
    this.done.deleted++;
  }

  /** A request whose answer a dying server kept to itself is made again. @param twice what is said where it had been done already */
  async #insist(method: string, path: string, body?: object, twice?: RegExp): Promise<void> {
    for (let again = false; ; again = true) {
      try {
        await this.#api.ask(method, path, body, method === 'PATCH' ? MERGE : {});
        return;
      } catch (error) {
        const text = String(error);
        if (again && twice?.test(text)) return;
        if (/ answered [1-4]\d\d/.test(text)) throw error;
        // A process that is being started tells nobody when it listens.
        await sleep(100);
      }
    }
  }

  async #all<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
    const rest = items[Symbol.iterator]();
    const writer = async () => {
      for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value);
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
  }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

const SETS = '/apis/apps/v1/namespaces/default/replicasets';
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const CONTAINER = {
  name: 'app',
  image: 'registry.example/shop/web:1',
  resources: { requests: { cpu: '250m', memory: '128Mi' }, limits: { memory: '256Mi' } },
};
const NODE_INFO = {
  architecture: 'amd64',
  bootID: '',
  containerRuntimeVersion: 'containerd://2.1.4',
  kernelVersion: '6.12.0',
  kubeProxyVersion: '',
  kubeletVersion: 'v1.36.0',
  machineID: '',
  operatingSystem: 'linux',
  osImage: 'Debian GNU/Linux 13',
  systemUUID: '',
};
const STATES: readonly (readonly [phase: string, state: object])[] = [
  ['Running', { running: { startedAt: AT } }],
  ['Running', { running: { startedAt: '2026-11-21T08:10:00Z' } }],
  ['Running', { waiting: { reason: 'CrashLoopBackOff' } }],
  ['Pending', { waiting: { reason: 'ContainerCreating' } }],
  ['Running', { terminated: { exitCode: 137, reason: 'OOMKilled', startedAt: AT, finishedAt: AT } }],
];
