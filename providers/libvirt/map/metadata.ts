import { asRecord, type Fields } from '#providers/kit/read.ts';
import { attribute, children, type Element, textIn } from '../client/xml.ts';

/** What people and programs note in a domain's `<metadata>`: one element a namespace, its content theirs. */
export interface Metadata {
  tags: [string, string][];
  /** libosinfo's word for the operating system: `debian 12`. */
  os: string | null;
  /** What Nova calls the server. */
  aliases: string[];
}

const MAX_TAGS = 10_000;
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Reads the pairs that stand as `<x:tag key="k">v</x:tag>` (or label, property, entry, meta; key or name), what Nova says of its server
 * and libosinfo of the system. Nothing else of it is kept: programs leave credentials there.
 * @see https://libvirt.org/formatdomain.html#general-metadata
 */
export function readMetadata(domain: Element): Metadata {
  const found: Metadata = { tags: [], os: null, aliases: [] };
  const root = children(domain, 'metadata').map(asRecord);
  for (const element of root) walk(element, 0, found);
  return found;
}

const PAIRS = new Set(['tag', 'label', 'property', 'entry', 'meta']);

function walk(element: Fields | null, depth: number, found: Metadata): void {
  if (!element || depth > 8) return;
  for (const [name, value] of Object.entries(element)) {
    if (name.startsWith('@') || name === '#text') continue;
    for (const item of Array.isArray(value) ? value : [value]) take(name, item, depth, found);
  }
}

function take(name: string, item: unknown, depth: number, found: Metadata): void {
  const inner = asRecord(item);
  const key = attribute(inner, 'key') ?? attribute(inner, 'name');
  if (PAIRS.has(local(name)) && key !== null) {
    if (found.tags.length < MAX_TAGS) found.tags.push([key, textIn(item) ?? attribute(inner, 'value') ?? '']);
    return;
  }
  if (name === 'libosinfo:os') found.os ??= osName(attribute(inner, 'id'));
  else if (name === 'nova:name') {
    const text = textIn(item);
    if (text) found.aliases.push(text);
  } else if (name === 'nova:project' || name === 'nova:user' || name === 'nova:flavor') {
    const text = textIn(item)?.trim() || attribute(inner, 'name');
    if (text) found.tags.push([name, text]);
    if (name !== 'nova:flavor') return;
  }
  walk(inner, depth + 1, found);
}

/** `http://ubuntu.com/ubuntu/22.04` is ubuntu 22.04. */
function osName(id: string | null): string | null {
  const path = id === null ? null : URL.parse(id)?.pathname;
  return path?.split('/').filter(Boolean).join(' ') || null;
}
