import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { XMLBuilder } from 'fast-xml-parser';

/** virDomainState by its number, in virsh's words. */
export const STATE_WORDS = [
  'no state',
  'running',
  'idle',
  'paused',
  'in shutdown',
  'shut off',
  'crashed',
  'pmsuspended',
] as const;

const NAMES = ['plain', 'with spaces', 'ünï-cödé', '日本語', 'q"uo\'te', '<tag>&amp;', '🚀 launch', 'shut off'];

export const nameAt = (at: number): string => `${NAMES[at % NAMES.length]} ${at}`;
export const uuidAt = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;

/** Writes a file for libvirt's test driver: domains in every state, with names as people give them. Returns the URI. */
export function writeTestNode(folder: string, count: number): string {
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
  const domain = Array.from({ length: count }, (_, at) => ({
    '@type': 'test',
    '@xmlns:test': 'http://libvirt.org/schemas/domain/test/1.0',
    name: nameAt(at),
    uuid: uuidAt(at),
    ...(at % 3 === 0 ? { title: `Title of ${nameAt(at)}` } : {}),
    metadata: {
      'muster:tags': {
        '@xmlns:muster': 'https://muster.example/1',
        'muster:tag': { '@key': 'rack', '#text': `r${at % 7}` },
      },
    },
    memory: { '@unit': 'MiB', '#text': String(512 + at) },
    vcpu: String(1 + (at % 4)),
    os: { type: 'hvm' },
    devices: {
      disk: {
        '@type': 'file',
        '@device': 'disk',
        source: { '@file': `/images/${at}.qcow2` },
        target: { '@dev': 'vda' },
      },
      interface: {
        '@type': 'network',
        mac: {
          '@address': `52:54:00:${[at >> 16, at >> 8, at].map((n) => (n & 255).toString(16).padStart(2, '0')).join(':')}`,
        },
        source: { '@network': 'default' },
      },
    },
    'test:runstate': String(at % STATE_WORDS.length),
  }));
  const file = path.join(folder, 'node.xml');
  writeFileSync(file, builder.build({ node: { domain } }));
  return `test://${file}`;
}
