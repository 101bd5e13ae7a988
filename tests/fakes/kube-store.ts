export interface KubeObject {
  metadata: { name: string; namespace?: string; uid: string; resourceVersion?: string; [key: string]: unknown };
  [key: string]: unknown;
}

export interface StoredEvent {
  index: number;
  kind: string;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

/** What etcd and the watch cache do for an API server: objects, one line of versions over all kinds, a history that can be forgotten. */
export class ObjectStore {
  onEvent: (event: StoredEvent) => void = () => undefined;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  #history: StoredEvent[] = [];
  #index = 0;
  #oldest = 0;
  readonly #lists = new Map<string, { rest: KubeObject[]; version: string }>();
  #tokens = 0;

  /** Opaque, and not in any order that a reader could use. */
  get version(): string {
    return versionOf(this.#index);
  }

  all(kind: string): KubeObject[] {
    return [...(this.#objects.get(kind)?.values() ?? [])];
  }

  put(kind: string, object: KubeObject): void {
    const objects = this.#objects.get(kind) ?? new Map<string, KubeObject>();
    this.#objects.set(kind, objects);
    const type = objects.has(object.metadata.uid) ? 'MODIFIED' : 'ADDED';
    this.#happen(kind, type, object, (made) => objects.set(made.metadata.uid, made));
  }

  remove(kind: string, uid: string): void {
    const object = this.#objects.get(kind)?.get(uid);
    if (object) this.#happen(kind, 'DELETED', object, () => this.#objects.get(kind)?.delete(uid));
  }

  /** Forgets the past, as etcd's compaction does: older versions and lists under way are gone. */
  compact(): void {
    this.#oldest = this.#index;
    this.#history = [];
    this.#lists.clear();
  }

  since(version: string, kind: string): StoredEvent[] | 'expired' | 'too-large' {
    const index = indexOf(version);
    if (index > this.#index) return 'too-large';
    if (index < this.#oldest) return 'expired';
    return this.#history.filter((event) => event.index > index && event.kind === kind);
  }

  page(
    objects: () => KubeObject[],
    token: string | null,
    limit: number,
  ): { items: KubeObject[]; version: string; token: string | undefined; left: number } | 'expired' {
    const list = token === null ? { rest: objects(), version: this.version } : this.#lists.get(token);
    if (!list) return 'expired';
    const items = list.rest.slice(0, limit);
    const rest = list.rest.slice(limit);
    if (rest.length === 0) return { items, version: list.version, token: undefined, left: 0 };
    const next = `token-${++this.#tokens}`;
    this.#lists.set(next, { rest, version: list.version });
    return { items, version: list.version, token: next, left: rest.length };
  }

  #happen(kind: string, type: StoredEvent['type'], object: KubeObject, apply: (object: KubeObject) => void): void {
    this.#index++;
    const made = { ...object, metadata: { ...object.metadata, resourceVersion: this.version } };
    apply(made);
    const event = { index: this.#index, kind, type, object: made };
    this.#history.push(event);
    this.onEvent(event);
  }
}

const versionOf = (index: number): string => `v${((index * 7919 + 13) % 99_991).toString(36)}.${index.toString(36)}`;
const indexOf = (version: string): number => Number.parseInt(version.split('.')[1] ?? 'zzzzzz', 36);

const KINDS: Readonly<Record<string, string>> = {
  '/api/v1': '',
  '/apis/apps/v1': '.apps',
  '/apis/batch/v1': '.batch',
  '/apis/node.k8s.io/v1': '.node.k8s.io',
};

/** `/apis/apps/v1/namespaces/x/replicasets` -> `replicasets.apps`. */
export function kindOf(path: string): string {
  const match = /(\/apis?(?:\/[^/]+)?\/v1)(?:\/namespaces\/[^/]+)?\/([^/]+)$/.exec(path);
  return match ? `${match[2]}${KINDS[match[1] ?? ''] ?? `?${match[1]}`}` : path;
}

/** A page of a list as the API answers it, with its status. */
export function answerList(
  store: ObjectStore,
  kind: string,
  url: URL,
  metadata: boolean,
): { status: number; body: object } {
  const namespace = /\/namespaces\/([^/]+)\/[^/]+$/.exec(url.pathname)?.[1];
  const name = url.searchParams.get('fieldSelector')?.replace('metadata.name=', '');
  const objects = () =>
    store
      .all(kind)
      .filter((object) => namespace === undefined || object.metadata.namespace === decodeURIComponent(namespace))
      .filter((object) => name === undefined || object.metadata.name === name);
  const page = store.page(
    objects,
    url.searchParams.get('continue'),
    Number(url.searchParams.get('limit') ?? '0') || 1e9,
  );
  if (page === 'expired') {
    const body = statusBody(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result.',
    );
    // The offer of an inconsistent continuation that real servers make; whoever takes it reads a stitched list.
    return { status: 410, body: { ...body, metadata: { continue: 'inconsistent' } } };
  }
  const more = page.token === undefined ? {} : { continue: page.token, remainingItemCount: page.left };
  return { status: 200, body: listBody(kind, page.items, { resourceVersion: page.version, ...more }, metadata) };
}

const LISTS: Readonly<Record<string, readonly [kind: string, apiVersion: string]>> = {
  pods: ['PodList', 'v1'],
  nodes: ['NodeList', 'v1'],
  'replicasets.apps': ['ReplicaSetList', 'apps/v1'],
  'jobs.batch': ['JobList', 'batch/v1'],
  'runtimeclasses.node.k8s.io': ['RuntimeClassList', 'node.k8s.io/v1'],
};

/** A list as 1.36 writes it: an empty one is `[]`, but null where only metadata is asked for. */
export function listBody(kind: string, objects: readonly KubeObject[], about: object, metadata: boolean): object {
  if (metadata) {
    const items = objects.length === 0 ? null : objects.map(metadataOnly);
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: about, items };
  }
  const [name, apiVersion] = LISTS[kind] ?? ['List', 'v1'];
  return { kind: name, apiVersion, metadata: about, items: objects };
}

export const metadataOnly = (object: KubeObject): KubeObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata,
});

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export const statusBody = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  code,
});
