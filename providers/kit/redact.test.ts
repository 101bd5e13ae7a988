import { describe, expect, it } from 'vitest';
import { redact, withoutSecret } from './redact.ts';

describe('redact', () => {
  it('fault 81: keeps no value under a key that may hold a secret, at any depth', () => {
    const canary = 'canary-7f3a';
    const raw = {
      UserData: canary,
      spec: { containers: [{ name: 'app', env: [{ name: 'A', value: canary }], envFrom: [{ x: canary }] }] },
      metadata: {
        managedFields: [{ f: canary }],
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"a":"${canary}"}` },
      },
      osProfile: { adminPassword: canary, customData: canary, linuxConfiguration: { ssh: { privateKey: canary } } },
      accessToken: canary,
      clientSecret: canary,
      private_key: canary,
    };
    expect(JSON.stringify(redact(raw))).not.toContain(canary);
    expect(redact(raw)).toMatchObject({ spec: { containers: [{ name: 'app', env: '[redacted]' }] } });
  });

  it('fault 81: keeps no value of a pair whose key says that it is a secret, and keeps where a thing belongs', () => {
    const secrets = ['DB_PASSWORD', 'admin_password', 'api-key', 'aws_secret_access_key', 'x.secret.name', 'GH_TOKEN'];
    for (const key of secrets) expect(withoutSecret([key, 'canary'])).toEqual([key, '[redacted]']);
    for (const key of ['env', 'Env', 'keyboard', 'team', 'passwordless'])
      expect(withoutSecret([key, 'prod'])).toEqual([key, 'prod']);
  });

  it('leaves out what the caller drops', () => {
    expect(redact({ a: { metadata: { items: [1] }, name: 'x' } }, new Set(['metadata']))).toEqual({ a: { name: 'x' } });
  });

  it('fault 77: clips long strings, long lists and deep nesting', () => {
    let deep: unknown = 'end';
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const copy = redact({ text: 'x'.repeat(65_536), list: new Array(5000).fill(1), deep }) as {
      text: string;
      list: number[];
    };
    expect(copy.text).toHaveLength(4097);
    expect(copy.list).toHaveLength(500);
    expect(JSON.stringify(copy)).toContain('[too deep]');
  });

  it('fault 78: copies awkward keys as data', () => {
    const copy = redact(JSON.parse('{"__proto__":{"polluted":true},"constructor":"c","then":"t"}'));
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":true},"constructor":"c","then":"t"}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('writes dates as ISO 8601 and what JSON cannot say as text', () => {
    expect(
      redact({ at: new Date(0), bad: new Date(Number.NaN), big: 2n ** 60n, inf: Infinity, none: undefined }),
    ).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      bad: null,
      big: '1152921504606846976',
      inf: 'Infinity',
    });
  });
});
