/** Fields that are maps in Go, in the objects of Kubernetes and in the APIs of the Docker Engine and of Incus; other objects are structs. */
const MAPS = new Set([
  ...['labels', 'annotations', 'nodeSelector', 'requests', 'limits', 'capacity', 'allocatable', 'matchLabels'],
  ...['Labels', 'Networks', 'Runtimes', 'Volumes', 'DriverOpts', 'Options', 'Attributes'],
  ...['config', 'devices', 'expanded_devices'],
]);

/** A copy of an object in which one list or map is what Go writes for one that was never made, and one in which it is empty. */
export interface Nulled<T> {
  /** `spec.containers[0].ports` */
  path: string;
  withNull: T;
  withEmpty: T;
}

/** Every list and every map of an object, each in its turn. */
export function* nulled<T>(object: T): Generator<Nulled<T>> {
  for (const [path, empty] of places(object, [])) {
    const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
    yield { path: text.slice(1), withNull: replaced(object, path, null), withEmpty: replaced(object, path, empty) };
  }
}

type Path = readonly (string | number)[];

function* places(value: unknown, path: Path): Generator<[Path, unknown]> {
  if (Array.isArray(value)) {
    if (path.length > 0) yield [path, []];
    for (const [at, item] of value.entries()) yield* places(item, [...path, at]);
  } else if (typeof value === 'object' && value !== null) {
    const key = path.at(-1);
    if (typeof key === 'string' && MAPS.has(key)) yield [path, {}];
    for (const [name, inner] of Object.entries(value)) yield* places(inner, [...path, name]);
  }
}

function replaced<T>(object: T, path: Path, by: unknown): T {
  const copy = structuredClone(object);
  let at = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  at[path.at(-1) ?? ''] = by;
  return copy;
}
