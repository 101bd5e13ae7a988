import { describe, expect, it } from 'vitest';
import { hostName, ownHost, ownHosts } from './hosts.ts';

const own = ownHosts('127.0.0.1', ['fleet.example.org']);

describe('own hosts', () => {
  it.each([
    ['localhost:3000', 'localhost'],
    ['LOCALHOST', 'localhost'],
    ['[::1]:3000', '::1'],
    ['2130706433', '127.0.0.1'],
    ['evil.example@localhost', null],
    ['localhost/..', null],
    ['', null],
    [undefined, null],
  ])('reads the host name of %s', (header, name) => expect(hostName(header)).toBe(name));

  it('answers to loopback, to its bound address and to names the operator adds', () => {
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]', 'fleet.example.org', 'Fleet.Example.org:443'])
      expect(ownHost(host, own, undefined), host).toBe(true);
  });

  it('refuses a foreign name that resolves to this machine (DNS rebinding)', () => {
    for (const host of [
      'rebind.example',
      'localhost.evil.example',
      '127.0.0.1.nip.example',
      'fleet.example.org.evil.example',
    ])
      expect(ownHost(host, own, '127.0.0.1'), host).toBe(false);
  });

  it('answers to the address that a connection came in on, and to no other address', () => {
    expect(ownHost('192.0.2.7:3000', own, '::ffff:192.0.2.7')).toBe(true);
    expect(ownHost('192.0.2.8:3000', own, '::ffff:192.0.2.7')).toBe(false);
  });
});
