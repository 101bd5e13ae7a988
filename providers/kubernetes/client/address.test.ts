import { describe, expect, it } from 'vitest';
import { guardedLookup, isRefused, type Resolve, serverProblem } from './address.ts';

describe('server addresses', () => {
  it.each([
    'https://169.254.169.254',
    'https://169.254.169.254:6443/path',
    'https://[fd00:ec2::254]',
    'https://0.0.0.0:6443',
    'https://0',
    'https://[::]',
    'https://[::ffff:169.254.169.254]',
    'https://[::ffff:a9fe:a9fe]',
    'https://[::169.254.169.254]',
    'https://[64:ff9b::a9fe:a9fe]',
    'https://[2002:a9fe:a9fe::]',
    'https://2852039166',
    'https://0xa9fea9fe',
    'https://0251.0376.0251.0376',
    'https://169.16689662',
    'https://[fe80::1]',
    'https://100.100.100.200',
    'https://168.63.129.16',
    'https://224.0.0.1',
    'https://255.255.255.255',
    'unix:///var/run/docker.sock',
    'file:///etc/shadow',
    'http+unix://x',
    'ftp://10.0.0.1',
    'http://10.0.0.1',
    'http://example.com',
    'https://user:password@10.0.0.1',
    'https://10.0.0.1/?x=1',
    '10.0.0.1:6443',
    '',
    'https://',
  ])('fault 46: refuses %s', (server) => {
    expect(serverProblem(server, false)).not.toBeNull();
    expect(serverProblem(server, true)).not.toBeNull();
  });

  it.each([
    'https://10.0.0.1:6443',
    'https://192.168.1.5',
    'https://cluster.example.com/k8s/clusters/c-1',
    'https://[fd12:3456::1]:6443',
    'https://127.0.0.1:6443',
    'https://[::1]:6443',
    'http://127.0.0.1:8001',
    'http://localhost:8001',
  ])('takes %s', (server) => {
    expect(serverProblem(server, false)).toBeNull();
  });

  it('never says user or password of an address', () => {
    expect(serverProblem('https://someone:hunter2@10.0.0.1', false)).not.toMatch(/someone|hunter2/);
  });

  it('takes nothing that is no address for one', () => {
    expect(isRefused('169.254.169.254.nip.io')).toBe(true);
    expect(isRefused('10.1.2.3')).toBe(false);
  });
});

describe('guardedLookup', () => {
  type Answer = { address: string; family: number }[];
  // As node:dns calls back with `all`.
  const resolver = (answers: Answer[]) => {
    let asked = 0;
    const lookup: Resolve = (_host, _options, callback) => callback(null, answers[asked++] ?? []);
    return { lookup, asked: () => asked };
  };
  const resolve = (lookup: ReturnType<typeof guardedLookup>, all: boolean) =>
    new Promise<unknown>((done) => lookup('api.example', { all }, (error, address) => done(error ?? address)));

  it('fault 46: refuses a name that leads to a metadata address, also as one of several', async () => {
    for (const address of ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', '0.0.0.0']) {
      const { lookup } = resolver([
        [
          { address: '10.0.0.1', family: 4 },
          { address, family: address.includes(':') ? 6 : 4 },
        ],
      ]);
      expect(await resolve(guardedLookup(lookup), true)).toMatchObject({ code: 'ERR_REFUSED_ADDRESS' });
    }
  });

  it('fault 46: resolves once per connection, so that a rebinding name has no second answer', async () => {
    const { lookup, asked } = resolver([
      [{ address: '10.0.0.1', family: 4 }],
      [{ address: '169.254.169.254', family: 4 }],
    ]);
    expect(await resolve(guardedLookup(lookup), true)).toEqual([{ address: '10.0.0.1', family: 4 }]);
    expect(asked()).toBe(1);
    // The next connection asks again, and the answer is looked at again.
    expect(await resolve(guardedLookup(lookup), false)).toMatchObject({ code: 'ERR_REFUSED_ADDRESS' });
  });
});
