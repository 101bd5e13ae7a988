import { describe, expect, it } from 'vitest';
import { parseAddress } from './client/address.ts';
import { configSchema } from './config.ts';

describe('address of a server', () => {
  it.each([
    ['https://incus-1', 'https://incus-1:8443'],
    ['https://10.0.0.5:8443/', 'https://10.0.0.5:8443'],
    // The port that everyone else means by it.
    ['https://incus.example:443', 'https://incus.example'],
    ['https://[2001:db8::1]', 'https://[2001:db8::1]:8443'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('%s is %s', (text, origin) => {
    const address = parseAddress(text);
    expect(typeof address === 'string' || address.type === 'unix' ? address : address.url.origin).toBe(origin);
  });

  it('a socket is its path', () => {
    expect(parseAddress('unix:///var/lib/incus/unix.socket')).toEqual({
      type: 'unix',
      path: '/var/lib/incus/unix.socket',
    });
  });

  it.each([
    'unix://relative.sock',
    'http://10.0.0.5:8080',
    'incus-1',
    'https://user:secret@incus-1',
    'https://incus-1/1.0',
    'https://incus-1?project=lab',
    'tcp://incus-1:8443',
  ])('refuses %s', (text) => expect(typeof parseAddress(text)).toBe('string'));
});

describe('keys of a source', () => {
  const tls = { cert: '/c/cert.pem', key: '/c/key.pem' };
  const problems = (config: object) =>
    configSchema.safeParse(config).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

  it.each([
    [{ host: 'unix:///var/lib/incus/unix.socket' }],
    [{ hosts: ['https://m1', 'https://m2'], tls }],
    [{ host: 'https://m1', tls: { ...tls, fingerprint: `${'AB:'.repeat(31)}AB` }, projects: ['shop'] }],
    [{ host: 'https://m1', tls: { ...tls, ca: '/c/ca.pem' } }],
    [{ mock: {} }],
    [{ mock: {}, projects: ['shop'] }],
  ])('takes %j', (config) => expect(problems(config)).toEqual([]));

  it.each([
    [{}, 'host: expected host, hosts or mock'],
    [{ host: 'https://m1' }, 'tls: expected tls with cert and key'],
    [{ host: 'unix:///s', hosts: ['unix:///t'] }, 'hosts: expected host or hosts'],
    [{ hosts: ['unix:///s', 'unix:///s'] }, 'hosts: expected each server once'],
    [{ host: 'unix:///s', projects: ['a b'] }, 'projects.0: expected the name of a project'],
    [{ host: 'unix:///s', projects: ['a', 'a'] }, 'projects: expected each project once'],
    [{ host: 'https://m1', tls: { ...tls, fingerprint: 'abc' } }, 'tls.fingerprint: expected 64 hexadecimal digits'],
    [
      { host: 'https://m1', tls: { ...tls, ca: '/c/ca.pem', fingerprint: '0'.repeat(64) } },
      'tls: expected fingerprint or ca',
    ],
  ])('refuses %j', (config, problem) => expect(problems(config).join('\n')).toContain(problem));

  it.each([
    [{ host: 'unix:///s', tls }, 'tls: expected no tls: only https:// reads it'],
    [{ host: 'http://127.0.0.1:8080', tls }, 'tls: expected no tls: only https:// reads it'],
    [{ mock: {}, host: 'unix:///s' }, 'host: expected no host: mock does not read it'],
    [{ mock: {}, hosts: ['unix:///s'] }, 'hosts: expected no hosts: mock does not read it'],
    [{ mock: {}, tls }, 'tls: expected no tls: mock does not read it'],
    [{ host: 'unix:///s', ssh: { keyFile: '/k' } }, ': Unrecognized key: "ssh"'],
  ])('fault 110: refuses keys that nothing reads in %j', (config, problem) =>
    expect(problems(config)).toEqual([expect.stringContaining(problem)]),
  );
});
