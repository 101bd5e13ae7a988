import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Resolve } from '#providers/kubernetes/client/address.ts';
import { httpClient } from '#providers/kubernetes/client/client-http.ts';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { type KubeRig, kubeRig } from '#tests/support/kubernetes/kubernetes-rig.ts';
import { silentLogger } from '#tests/support/log.ts';

const caData = Buffer.from(AUTHORITY).toString('base64');

describe('TLS of a cluster', () => {
  let rig: KubeRig;
  beforeEach(async () => {
    rig = await kubeRig();
  });

  const certificate = async (
    cert: keyof typeof CERTIFICATES,
    cluster: object,
    config: object = {},
    log = silentLogger,
  ) => {
    const api = await rig.serve({ tls: { key: SERVER_KEY, cert: CERTIFICATES[cert] } });
    const connection = await rig.open([{ name: 'a', server: api.url, cluster: { ...cluster } }], config, log);
    return { api, ...(await rig.discover(connection)) };
  };

  it('trusts the authority of the kubeconfig', async () => {
    const { scopes } = await certificate('good', { 'certificate-authority-data': caData });
    expect(scopes).toHaveLength(2);
  });

  it.each(['expired', 'wrongHost', 'selfSigned'] as const)(
    'fault 47: refuses a certificate that is %s, before a token is sent',
    async (cert) => {
      const { api, scopes, dead } = await certificate(cert, { 'certificate-authority-data': caData });
      expect(scopes).toEqual([]);
      expect(dead).toMatchObject([
        { name: 'a', error: { kind: 'network', message: expect.stringMatching(/TLS failed/) } },
      ]);
      expect(api.requests).toEqual([]);
    },
  );

  it('takes the name that tls-server-name says', async () => {
    const { scopes } = await certificate('wrongHost', {
      'certificate-authority-data': caData,
      'tls-server-name': 'elsewhere.example',
    });
    expect(scopes).toHaveLength(2);
  });

  it('fault 47: refuses TLS below 1.2', async () => {
    const api = await rig.serve({ tls: { key: SERVER_KEY, cert: CERTIFICATES.good, maxVersion: 'TLSv1.1' } });
    const { dead } = await rig.discover(
      await rig.open([{ name: 'a', server: api.url, cluster: { 'certificate-authority-data': caData } }]),
    );
    expect(dead).toMatchObject([{ error: { kind: 'network' } }]);
    expect(api.requests).toEqual([]);
  });

  it('fault 47: an insecure context that the operator allows says so in its scopes and in the log', async () => {
    const warned: string[] = [];
    const { scopes } = await certificate(
      'selfSigned',
      { 'insecure-skip-tls-verify': true },
      { insecureContexts: ['a'] },
      { ...silentLogger, warn: (event) => void warned.push(event) },
    );
    expect(scopes.map((scope) => scope.label)).toEqual([
      'a nodes (certificate not verified)',
      'a pods (certificate not verified)',
    ]);
    expect(warned).toContain('cluster.certificate-not-verified');
    const refused = await certificate('selfSigned', { 'insecure-skip-tls-verify': true });
    expect(refused.dead).toMatchObject([{ error: { kind: 'config' } }]);
    expect(refused.api.requests).toEqual([]);
  });
});

describe('names of servers', () => {
  let rig: KubeRig;
  beforeEach(async () => {
    rig = await kubeRig();
  });

  const clientFor = (server: string, resolve: Resolve) => {
    const client = httpClient({
      context: 'a',
      name: 'a',
      server,
      insecure: false,
      credentials: { current: async () => ({ headers: { authorization: 'Bearer t' }, tls: {} }), renew: () => {} },
      clock: rig.clock,
      timeoutMs: 5000,
      resolve,
    });
    onTestFinished(() => client.close());
    return client;
  };
  const call = { signal: new AbortController().signal };

  it('fault 46: a name that leads to a refused address is not connected to, for lists and watches', async () => {
    for (const address of ['169.254.169.254', '0.0.0.0']) {
      const client = clientFor('http://api.example:6443', (_host, _options, callback) =>
        callback(null, [{ address, family: 4 }]),
      );
      await expect(client.uid(call)).rejects.toMatchObject({
        kind: 'config',
        message: expect.stringMatching(/api\.example leads to/),
      });
      const watch = client
        .watch('/api/v1/pods', { resourceVersion: 'v', timeoutSeconds: 1 }, call)
        [Symbol.asyncIterator]();
      await expect(watch.next()).rejects.toMatchObject({ kind: 'config' });
    }
  });

  it('fault 46: the connection goes to the very address that was looked at, however the name answers next', async () => {
    const api = await rig.serve();
    const answers = ['127.0.0.1', '169.254.169.254'];
    const asked: string[] = [];
    const client = clientFor(api.url.replace('127.0.0.1', 'api.example'), (host, _options, callback) => {
      asked.push(host);
      callback(null, [{ address: answers.shift() ?? '169.254.169.254', family: 4 }]);
    });
    expect(await client.uid(call)).toBe('cluster-uid');
    expect(asked).toEqual(['api.example']);
  });
});
