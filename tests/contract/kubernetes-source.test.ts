import { execFile } from 'node:child_process';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Resolve } from '#providers/kubernetes/address.ts';
import { httpClient } from '#providers/kubernetes/client-http.ts';
import { ApiServer, type ApiServerOptions } from '#tests/fakes/kube-apiserver.ts';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import {
  aNode,
  aPod,
  list,
  openSource,
  scopesOf,
  scratch,
  silent,
  type TestContext,
  until,
  writeKubeconfig,
} from '#tests/support/kubernetes.ts';

const caData = Buffer.from(AUTHORITY).toString('base64');

describe('clusters of a kubeconfig', () => {
  let clock: VirtualClock;
  let folder: string;
  const closing: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    clock = new VirtualClock();
    const place = await scratch();
    folder = place.folder;
    closing.push(place.remove);
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function serve(options: ApiServerOptions = {}): Promise<ApiServer> {
    const api = await ApiServer.start(options);
    closing.push(() => api.close());
    api.store.put('nodes', aNode('node-1'));
    api.store.put('pods', aPod(1));
    return api;
  }

  async function open(contexts: readonly TestContext[], config: object = {}, log = silent) {
    const kubeconfig = await writeKubeconfig(folder, contexts);
    const connection = await openSource({ kubeconfig, ...config }, clock, log);
    closing.push(() => connection.close());
    return connection;
  }

  /** Discovers while short waits pass. */
  async function discover(connection: Awaited<ReturnType<typeof open>>) {
    let error: unknown;
    const scopes: Awaited<ReturnType<typeof scopesOf>> = [];
    let over = false;
    (async () => {
      for await (const scope of connection.scopes({ signal: new AbortController().signal })) scopes.push(scope);
    })()
      .catch((reason: unknown) => {
        error = reason;
      })
      .finally(() => {
        over = true;
      });
    await until(clock, () => over);
    return { scopes, error };
  }

  it('has two scopes for each cluster, named by the uid of kube-system', async () => {
    const a = await serve({ uid: 'uid-a' });
    const b = await serve({ uid: 'uid-b' });
    const connection = await open(
      [
        { name: 'prod', server: a.url },
        { name: 'dev', server: b.url },
      ],
      { names: { dev: 'Playground' } },
    );
    const scopes = await scopesOf(connection);
    expect(scopes.map((scope) => scope.id).sort()).toEqual([
      'k/uid-a/*/nodes',
      'k/uid-a/*/pods',
      'k/uid-b/*/nodes',
      'k/uid-b/*/pods',
    ]);
    expect(scopes.find((scope) => scope.id === 'k/uid-b/*/pods')).toMatchObject({
      account: 'uid-b',
      kind: 'container',
      label: 'Playground pods',
    });
  });

  it('is one cluster through however many contexts', async () => {
    const api = await serve();
    const connection = await open([
      { name: 'a', server: api.url },
      // Another name for the same server: only its uid tells.
      { name: 'b', server: api.url.replace('127.0.0.1', 'localhost') },
      { name: 'c', server: api.url },
    ]);
    expect(await scopesOf(connection)).toHaveLength(2);
  });

  it('lists only the contexts that are named, and refuses one that is not there', async () => {
    const a = await serve({ uid: 'uid-a' });
    const b = await serve({ uid: 'uid-b' });
    const contexts = [
      { name: 'prod', server: a.url },
      { name: 'dev', server: b.url },
    ];
    expect((await scopesOf(await open(contexts, { contexts: ['dev'] }))).map((scope) => scope.account)).toEqual([
      'uid-b',
      'uid-b',
    ]);
    expect(a.requests).toEqual([]);
    await expect(open(contexts, { contexts: ['staging'] })).rejects.toMatchObject({ kind: 'config' });
  });

  it('fault 44: clusters that are out of reach delay and hide no other', async () => {
    const reachable = await Promise.all(Array.from({ length: 20 }, (_, i) => serve({ uid: `uid-${i}` })));
    const contexts = reachable.map((api, i) => ({ name: `up-${i}`, server: api.url }));
    // Nothing listens on port 1.
    for (let i = 0; i < 30; i++) contexts.push({ name: `down-${i}`, server: `http://127.0.0.1:1/${i}` });
    const connection = await open(contexts);
    const { scopes, error } = await discover(connection);
    expect(new Set(scopes.map((scope) => scope.account)).size).toBe(20);
    expect(error).toMatchObject({ kind: 'network', message: expect.stringMatching(/30 of 50 clusters/) });
    for (const api of reachable) expect(api.connections).toBe(1);
  });

  it('fault 44: a known cluster that is out of reach stays known', async () => {
    const api = await serve();
    const connection = await open([{ name: 'prod', server: api.url }]);
    const before = await scopesOf(connection);
    await api.close();
    closing.splice(1, 1);
    const { scopes, error } = await discover(connection);
    expect(scopes).toEqual(before);
    expect(error).toBeUndefined();
  });

  it('keeps to one pool of connections, however many lists', async () => {
    const api = await serve({ tls: { key: SERVER_KEY, cert: CERTIFICATES.good } });
    const connection = await open([
      { name: 'prod', server: api.url, cluster: { 'certificate-authority-data': caData } },
    ]);
    const scopes = await scopesOf(connection);
    for (let i = 0; i < 20; i++)
      for (const scope of scopes) expect((await list(connection, scope)).complete).toBe(true);
    expect(api.requests.length).toBeGreaterThan(40);
    expect(api.connections).toBeLessThanOrEqual(6);
  });

  describe('credentials', () => {
    it('sends the token, and only to the server of its context', async () => {
      const a = await serve({ uid: 'a', tokens: ['token-a'] });
      const b = await serve({ uid: 'b', tokens: ['token-b'] });
      const connection = await open([
        { name: 'a', server: a.url, user: { token: 'token-a' } },
        { name: 'b', server: b.url, user: { token: 'token-b' } },
      ]);
      expect(await scopesOf(connection)).toHaveLength(4);
      for (const [api, token] of [
        [a, 'token-a'],
        [b, 'token-b'],
      ] as const)
        expect(api.requests.map((request) => request.headers.authorization)).toEqual(
          api.requests.map(() => `Bearer ${token}`),
        );
    });

    it('sends user and password, and the user to act as', async () => {
      const api = await serve();
      await scopesOf(
        await open([{ name: 'a', server: api.url, user: { username: 'u', password: 'p', as: 'reader' } }]),
      );
      expect(api.requests[0]?.headers).toMatchObject({
        authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
        'impersonate-user': 'reader',
      });
    });

    it('fault 7: a token file that was rotated is read again when the old token is refused', async () => {
      const api = await serve({ tokens: ['old'] });
      await writeFile(path.join(folder, 'token'), 'old\n');
      const connection = await open([{ name: 'a', server: api.url, user: { tokenFile: 'token' } }]);
      const scopes = await scopesOf(connection);
      await writeFile(path.join(folder, 'token'), 'new\n');
      api.tokens = ['new'];
      for (const scope of scopes) expect((await list(connection, scope)).complete).toBe(true);
    });

    it('fault 6: a credential that expires between two pages is renewed once, and the listing begins again', async () => {
      const api = await serve({ tokens: ['old'] });
      for (let n = 2; n < 1200; n++) api.store.put('pods', aPod(n));
      await writeFile(path.join(folder, 'token'), 'old');
      const connection = await open([{ name: 'a', server: api.url, user: { tokenFile: 'token' } }]);
      const pods = (await scopesOf(connection)).find((scope) => scope.part === 'pods');
      await writeFile(path.join(folder, 'token'), 'new');
      let seen = 0;
      api.fault({
        when: ({ action }) => {
          if (action === 'list pods' && ++seen === 2) api.tokens = ['new'];
          return false;
        },
        answer: 'reset',
      });
      if (!pods) throw new Error('no scope');
      const listing = await list(connection, pods);
      expect(listing).toMatchObject({ complete: true, duplicates: 0 });
      expect(listing.resources.size).toBe(1199);
      const first = api.requests.filter(({ action, query }) => action === 'list pods' && !query.has('continue'));
      expect(first).toHaveLength(2);
    });

    it('a token that stays refused ends with auth, without the token', async () => {
      const api = await serve({ tokens: ['other'] });
      const connection = await open([{ name: 'a', server: api.url, user: { token: 'hunter2' } }]);
      const { error } = await discover(connection);
      expect(error).toMatchObject({ kind: 'auth' });
      expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
      expect(api.requests).toHaveLength(2);
    });

    it('fault 45: nothing is spawned or read for a refused kubeconfig', async () => {
      const canary = path.join(folder, 'canary.sh');
      const ran = path.join(folder, 'ran');
      await writeFile(canary, `#!/bin/sh\necho ran > ${ran}\n`);
      await chmod(canary, 0o755);
      const api = await serve();
      const attempt = open([
        { name: 'good', server: api.url },
        {
          name: 'bad',
          server: `${api.url}/bad`,
          user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: canary } },
        },
      ]);
      await expect(attempt).rejects.toMatchObject({
        kind: 'config',
        message: expect.stringMatching(/user bad-user: exec\.command/),
      });
      await expect(stat(ran)).rejects.toMatchObject({ code: 'ENOENT' });
      // The canary is alive: it would have told.
      await promisify(execFile)(canary);
      expect(await readFile(ran, 'utf8')).toBe('ran\n');
      expect(api.requests).toEqual([]);
    });

    it('runs a command that the operator lists, asks again when its token is refused, and tells nothing of its output', async () => {
      const api = await serve({ tokens: ['from-command-1'] });
      const command = path.join(folder, 'get-token');
      const counter = path.join(folder, 'count');
      const reply =
        '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-command-%s"}}';
      await writeFile(
        command,
        `#!/bin/sh\nn=$(cat ${counter} 2>/dev/null || echo 0); n=$((n+1)); echo $n > ${counter}\nprintf '${reply}' $n\n`,
      );
      await chmod(command, 0o755);
      const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
      const connection = await open([{ name: 'a', server: api.url, user: { exec } }], { allowCommands: [command] });
      expect(await scopesOf(connection)).toHaveLength(2);
      api.tokens = ['from-command-2'];
      expect(await scopesOf(connection)).toHaveLength(2);
      await writeFile(command, '#!/bin/sh\necho hunter2 >&2; exit 1\n');
      api.tokens = ['from-command-3'];
      const { scopes } = await discover(connection);
      expect(scopes).toHaveLength(2);
      const listing = await list(connection, scopes[0] as (typeof scopes)[number]);
      expect(listing).toMatchObject({ complete: false, reason: { kind: 'auth' } });
      expect(JSON.stringify(listing)).not.toContain('hunter2');
    });
  });

  describe('TLS', () => {
    const certificate = async (cert: keyof typeof CERTIFICATES, cluster: object, config: object = {}, log = silent) => {
      const api = await serve({ tls: { key: SERVER_KEY, cert: CERTIFICATES[cert] } });
      const connection = await open([{ name: 'a', server: api.url, cluster: { ...cluster } }], config, log);
      return { api, ...(await discover(connection)) };
    };

    it('trusts the authority of the kubeconfig', async () => {
      const { scopes } = await certificate('good', { 'certificate-authority-data': caData });
      expect(scopes).toHaveLength(2);
    });

    it.each(['expired', 'wrongHost', 'selfSigned'] as const)(
      'fault 47: refuses a certificate that is %s, before a token is sent',
      async (cert) => {
        const { api, scopes, error } = await certificate(cert, { 'certificate-authority-data': caData });
        expect(scopes).toEqual([]);
        expect(error).toMatchObject({ kind: 'network', message: expect.stringMatching(/TLS failed/) });
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
      const api = await serve({ tls: { key: SERVER_KEY, cert: CERTIFICATES.good, maxVersion: 'TLSv1.1' } });
      const { error } = await discover(
        await open([{ name: 'a', server: api.url, cluster: { 'certificate-authority-data': caData } }]),
      );
      expect(error).toMatchObject({ kind: 'network' });
      expect(api.requests).toEqual([]);
    });

    it('fault 47: an insecure context that the operator allows says so in its scopes and in the log', async () => {
      const warned: string[] = [];
      const { scopes } = await certificate(
        'selfSigned',
        { 'insecure-skip-tls-verify': true },
        { insecureContexts: ['a'] },
        { ...silent, warn: (event) => void warned.push(event) },
      );
      expect(scopes.map((scope) => scope.label)).toEqual([
        'a nodes (certificate not verified)',
        'a pods (certificate not verified)',
      ]);
      expect(warned).toContain('cluster.certificate-not-verified');
      await expect(certificate('selfSigned', { 'insecure-skip-tls-verify': true })).rejects.toMatchObject({
        kind: 'config',
      });
    });
  });

  describe('names of servers', () => {
    const clientFor = (server: string, resolve: Resolve) => {
      const client = httpClient({
        context: 'a',
        name: 'a',
        server,
        insecure: false,
        credentials: { current: async () => ({ headers: { authorization: 'Bearer t' }, tls: {} }), renew: () => {} },
        clock,
        timeoutMs: 5000,
        resolve,
      });
      closing.push(() => client.close());
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
      const api = await serve();
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
});
