import { describe, expect, it } from 'vitest';
import { parseAddress } from './client/address.ts';
import { configSchema } from './config.ts';

describe('address of an engine', () => {
  it.each([
    ['unix:///var/run/docker.sock', { type: 'unix', path: '/var/run/docker.sock' }],
    ['tcp://10.0.0.5:2376', { type: 'tcp', host: '10.0.0.5', port: 2376 }],
    ['tcp://10.0.0.5:2376/', { type: 'tcp', host: '10.0.0.5', port: 2376 }],
    ['tcp://build-1', { type: 'tcp', host: 'build-1', port: 2375 }],
    ['tcp://build-1:80', { type: 'tcp', host: 'build-1', port: 80 }],
    ['tcp://[::1]:2375', { type: 'tcp', host: '[::1]', port: 2375 }],
    ['ssh://ops@build-1', { type: 'ssh', host: 'build-1', port: 22, user: 'ops' }],
    ['ssh://ops@build-1:2222', { type: 'ssh', host: 'build-1', port: 2222, user: 'ops' }],
  ])('%s', (text, address) => expect(parseAddress(text)).toEqual(address));

  it.each([
    'unix://relative.sock',
    'http://10.0.0.5:2375',
    'npipe:////./pipe/docker_engine',
    'tcp://',
    'tcp://host:99999',
    'tcp://user@host:2376',
    'tcp://host:2376/path',
    'tcp://host:0',
    'ssh://build-1',
    'ssh://%zz@build-1',
    'ssh://ops:secret@build-1',
    'ssh://ops@build-1/run/docker.sock',
  ])('refuses %s', (text) => expect(typeof parseAddress(text)).toBe('string'));
});

describe('keys of a source', () => {
  const tls = { ca: '/c/ca.pem', cert: '/c/cert.pem', key: '/c/key.pem' };
  const ssh = { keyFile: '/k/id', knownHosts: '/k/known_hosts' };

  it.each([
    [{ host: 'unix:///var/run/docker.sock' }],
    [{ host: 'tcp://127.0.0.1:2375' }],
    [{ host: 'tcp://[::1]:2375' }],
    [{ host: 'tcp://10.0.0.5:2376', tls }],
    [{ host: 'tcp://10.0.0.5:2376', tls: {} }],
    [{ host: 'tcp://10.0.0.5:2375', insecure: true }],
    [{ host: 'ssh://ops@build-1', ssh }],
    [{ host: 'ssh://ops@build-1', ssh: { keyFile: '/k/id', fingerprint: `SHA256:${'a'.repeat(43)}` } }],
    [{ hosts: ['unix:///a.sock', 'unix:///b.sock'] }],
    [{ mock: {} }],
    [{ mock: {}, hosts: ['tcp://10.0.0.5:2375'] }],
  ])('takes %j', (config) => expect(configSchema.safeParse(config).success).toBe(true));

  it.each([
    ['nothing', {}, 'host'],
    ['host and hosts', { host: 'unix:///a', hosts: ['unix:///b'] }, 'hosts'],
    ['an engine twice', { hosts: ['unix:///a', 'unix:///a'] }, 'hosts'],
    ['plain tcp to another machine', { host: 'tcp://10.0.0.5:2375' }, 'tls'],
    ['a certificate without its key', { host: 'tcp://10.0.0.5:2376', tls: { cert: '/c' } }, 'tls'],
    ['relative files', { host: 'tcp://10.0.0.5:2376', tls: { ca: 'ca.pem' } }, 'tls'],
    ['ssh without a key', { host: 'ssh://ops@build-1' }, 'ssh'],
    ['ssh to a server that nothing proves', { host: 'ssh://ops@build-1', ssh: { keyFile: '/k/id' } }, 'ssh'],
    ['a key that nobody knows', { host: 'unix:///a', socket: '/a' }, undefined],
  ])('refuses %s', (_, config, key) => {
    const result = configSchema.safeParse(config);
    expect(result.success).toBe(false);
    expect(result.error?.issues.map(({ path }) => path[0])).toContain(key);
  });

  it.each([
    [{ host: 'unix:///a', ssh }, 'ssh', /only ssh:\/\/ reads it/],
    [{ host: 'tcp://10.0.0.5:2376', tls, ssh }, 'ssh', /only ssh:\/\/ reads it/],
    [{ host: 'unix:///a', tls }, 'tls', /only tcp:\/\//],
    [{ host: 'ssh://ops@build-1', ssh, tls }, 'tls', /only tcp:\/\//],
    [{ host: 'unix:///a', insecure: true }, 'insecure', /plain tcp:\/\/ to other machines/],
    [{ host: 'ssh://ops@build-1', ssh, insecure: true }, 'insecure', /plain tcp:\/\/ to other machines/],
    [{ host: 'tcp://127.0.0.1:2375', insecure: true }, 'insecure', /plain tcp:\/\/ to other machines/],
    [{ host: 'tcp://10.0.0.5:2376', tls, insecure: true }, 'insecure', /with tls nothing is plain/],
    [{ mock: {}, tls }, 'tls', /mock does not read it/],
    [{ mock: {}, ssh }, 'ssh', /mock does not read it/],
    [{ mock: {}, insecure: true }, 'insecure', /mock does not read it/],
  ])('fault 110: refuses keys that nothing reads in %j', (config, key, why) => {
    const { error } = configSchema.safeParse(config);
    expect(error?.issues.map(({ path, message }) => [path[0], message])).toEqual([[key, expect.stringMatching(why)]]);
  });

  it('takes keys that one of several engines reads', () => {
    expect(
      configSchema.safeParse({ hosts: ['unix:///a', 'ssh://ops@build-1', 'tcp://10.0.0.5:2376'], tls, ssh }).success,
    ).toBe(true);
  });

  it('does not repeat a password that stands in an address', () => {
    const result = configSchema.safeParse({ host: 'ssh://ops:hunter2@build-1', ssh });
    expect(JSON.stringify(result.error?.issues)).not.toContain('hunter2');
  });
});
