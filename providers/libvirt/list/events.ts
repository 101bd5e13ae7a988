/** A line of `virsh event --all --loop --timestamp`. */
export type EventLine =
  /** Something of the domain with this name may be otherwise now. */
  | { type: 'domain'; name: string }
  /** Nothing that a row shows, or the rest of an event before it. */
  | { type: 'nothing' }
  /** Not what virsh writes: who knows what was lost. */
  | { type: 'doubt' };

const LINE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+0000: event '([a-z0-9-]+)' for domain (.*)$/;

/** Events that change nothing a row shows. */
const NOISE = new Set([
  'rtc-change',
  'graphics',
  'tray-change',
  'block-job',
  'block-job-2',
  'migration-iteration',
  'job-completed',
  'agent-lifecycle',
  'block-threshold',
  'memory-failure',
]);

/**
 * Understands a line. A name may hold quotes and colons; it ends where the last thing that can end it stands, which is at worst too
 * far on the right: a name that nobody knows, so that everything is listed anew.
 * @see https://libvirt.org/manpages/virsh.html#event
 */
export function parseEvent(line: string): EventLine {
  if (line === '' || line.startsWith('\t') || /^(events received: \d+|event loop timed out)$/.test(line))
    return { type: 'nothing' };
  const [, event = '', rest = ''] = LINE.exec(line) ?? [];
  if (event === '') return { type: 'doubt' };
  if (NOISE.has(event)) return { type: 'nothing' };
  const name =
    event === 'lifecycle'
      ? /^'(.*)': (?:[A-Za-z]+ .*|unknown.*)$/.exec(rest)?.[1]
      : (/^'(.*)'(?:: .*|:)?$/.exec(rest)?.[1] ?? /^'(.*)' disk .*$/.exec(rest)?.[1]);
  return name === undefined ? { type: 'doubt' } : { type: 'domain', name };
}
