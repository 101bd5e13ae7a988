import { expect, it } from 'vitest';
import { parseEvent } from './events.ts';

const at = (text: string) => parseEvent(`2026-11-20 23:28:11.640+0000: event ${text}`);

it.each([
  ["'lifecycle' for domain 'tiny-3': Resumed Unpaused", 'tiny-3'],
  ["'lifecycle' for domain 'tiny-4': Shutdown Finished after host request", 'tiny-4'],
  ["'lifecycle' for domain 'with spaces ünï': Defined Added", 'with spaces ünï'],
  ["'lifecycle' for domain 'it's': Stopped Destroyed", "it's"],
  ["'reboot' for domain 'a'", 'a'],
  ["'balloon-change' for domain 'a': 1048576KiB", 'a'],
  ["'device-added' for domain 'a': net1", 'a'],
  ["'disk-change' for domain 'a' disk sda: /a.iso -> /b.iso: changed", 'a'],
  ["'metadata-change' for domain 'a': element https://muster.example/1", 'a'],
  ["'tunable' for domain 'a':", 'a'],
])('%s is about %s', (text, name) => expect(at(text)).toEqual({ type: 'domain', name }));

it('takes a name that looks like an event for one that nobody knows, at worst', () => {
  expect(at("'lifecycle' for domain 'a': Started Booted': Stopped Destroyed")).toEqual({
    type: 'domain',
    name: "a': Started Booted",
  });
});

it.each(["'rtc-change' for domain 'a': 3600", "'graphics' for domain 'a': connect local[IPv4 127.0.0.1 5900]"])(
  '%s changes no row',
  (text) => expect(at(text)).toEqual({ type: 'nothing' }),
);

it('skips the rest of an event and the last words of virsh', () => {
  for (const line of ['', '\tcputune.vcpupin0: x', 'events received: 3', 'event loop timed out'])
    expect(parseEvent(line)).toEqual({ type: 'nothing' });
});

it('doubts what it does not know', () => {
  for (const line of ['error: x', "event 'lifecycle' for domain 'a': Started Booted", '2026-11-20 23:28'])
    expect(parseEvent(line)).toEqual({ type: 'doubt' });
  expect(at("'lifecycle' for domain 'a'")).toEqual({ type: 'doubt' });
});
