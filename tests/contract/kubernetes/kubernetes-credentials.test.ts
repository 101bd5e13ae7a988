import { execFile } from 'node:child_process';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { aPod, list, scopesOf } from '#tests/support/kubernetes/kubernetes.ts';
import { type KubeRig, kubeRig } from '#tests/support/kubernetes/kubernetes-rig.ts';

describe('credentials of a kubeconfig', () => {
  let rig: KubeRig;
  beforeEach(async () => {
    rig = await kubeRig();
  });

  it('sends the token, and only to the server of its context', async () => {
    const a = await rig.serve({ uid: 'a', tokens: ['token-a'] });
    const b = await rig.serve({ uid: 'b', tokens: ['token-b'] });
    const connection = await rig.open([
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
    const api = await rig.serve();
    await scopesOf(
      await rig.open([{ name: 'a', server: api.url, user: { username: 'u', password: 'p', as: 'reader' } }]),
    );
    expect(api.requests[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
      'impersonate-user': 'reader',
    });
  });

  it('fault 7: a token file that was rotated is read again when the old token is refused', async () => {
    const api = await rig.serve({ tokens: ['old'] });
    await writeFile(path.join(rig.folder, 'token'), 'old\n');
    const connection = await rig.open([{ name: 'a', server: api.url, user: { tokenFile: 'token' } }]);
    const scopes = await scopesOf(connection);
    await writeFile(path.join(rig.folder, 'token'), 'new\n');
    api.tokens = ['new'];
    for (const scope of scopes) expect((await list(connection, scope)).complete).toBe(true);
  });

  it('fault 6: a credential that expires between two pages is renewed once, and the listing begins again', async () => {
    const api = await rig.serve({ tokens: ['old'] });
    for (let n = 2; n < 1200; n++) api.store.put('pods', aPod(n));
    await writeFile(path.join(rig.folder, 'token'), 'old');
    const connection = await rig.open([{ name: 'a', server: api.url, user: { tokenFile: 'token' } }]);
    const pods = (await scopesOf(connection)).find((scope) => scope.part === 'pods');
    await writeFile(path.join(rig.folder, 'token'), 'new');
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
    const api = await rig.serve({ tokens: ['other'] });
    const connection = await rig.open([{ name: 'a', server: api.url, user: { token: 'hunter2' } }]);
    const { dead } = await rig.discover(connection);
    expect(dead).toMatchObject([{ error: { kind: 'auth' } }]);
    expect(JSON.stringify(dead) + String(dead[0]?.error)).not.toContain('hunter2');
    // Asked by the discovery and by the listing, each with one renewed credential.
    expect(api.requests).toHaveLength(4);
  });

  it('fault 45: nothing is spawned or read for a refused kubeconfig', async () => {
    const canary = path.join(rig.folder, 'canary.sh');
    const ran = path.join(rig.folder, 'ran');
    await writeFile(canary, `#!/bin/sh\necho ran > ${ran}\n`);
    await chmod(canary, 0o755);
    const api = await rig.serve();
    const connection = await rig.open([
      { name: 'good', server: api.url },
      {
        name: 'bad',
        server: `${api.url}/bad`,
        user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: canary } },
      },
    ]);
    const { scopes, dead, error } = await rig.discover(connection);
    expect(dead).toMatchObject([
      { name: 'bad', error: { kind: 'config', message: expect.stringMatching(/user bad-user: exec\.command/) } },
    ]);
    expect(scopes.map(({ label }) => label)).toEqual(['good nodes', 'good pods']);
    expect(error).toBeUndefined();
    await expect(stat(ran)).rejects.toMatchObject({ code: 'ENOENT' });
    // The canary is alive: it would have told.
    await promisify(execFile)(canary);
    expect(await readFile(ran, 'utf8')).toBe('ran\n');
    expect(api.requests.filter(({ url }) => url.startsWith('/bad'))).toEqual([]);
  });

  it('runs a command that the operator lists, asks again when its token is refused, and tells nothing of its output', async () => {
    const api = await rig.serve({ tokens: ['from-command-1'] });
    const command = path.join(rig.folder, 'get-token');
    const counter = path.join(rig.folder, 'count');
    const reply =
      '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-command-%s"}}';
    await writeFile(
      command,
      `#!/bin/sh\nn=$(cat ${counter} 2>/dev/null || echo 0); n=$((n+1)); echo $n > ${counter}\nprintf '${reply}' $n\n`,
    );
    await chmod(command, 0o755);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
    const connection = await rig.open([{ name: 'a', server: api.url, user: { exec } }], { allowCommands: [command] });
    expect(await scopesOf(connection)).toHaveLength(2);
    api.tokens = ['from-command-2'];
    expect(await scopesOf(connection)).toHaveLength(2);
    await writeFile(command, '#!/bin/sh\necho hunter2 >&2; exit 1\n');
    api.tokens = ['from-command-3'];
    const { scopes } = await rig.discover(connection);
    expect(scopes).toHaveLength(2);
    const listing = await list(connection, scopes[0] as (typeof scopes)[number]);
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'auth' } });
    expect(JSON.stringify(listing)).not.toContain('hunter2');
  });

  it('tells a command of its cluster where the kubeconfig says so, extension and certificate included', async () => {
    const api = await rig.serve({ tokens: ['t'] });
    const command = path.join(rig.folder, 'get-token');
    const told = path.join(rig.folder, 'told');
    await writeFile(
      command,
      `#!/bin/sh\nprintf '%s' "$KUBERNETES_EXEC_INFO" > ${told}\nprintf '{"kind":"ExecCredential","status":{"token":"t"}}'\n`,
    );
    await chmod(command, 0o755);
    const kubeconfig = (provideClusterInfo: boolean) => ({
      clusters: [
        {
          name: 'c',
          cluster: {
            server: api.url,
            'certificate-authority-data': 'Y2E=',
            extensions: [
              { name: 'other', extension: { not: 'this' } },
              { name: 'client.authentication.k8s.io/exec', extension: { audience: 'shop', empty: null } },
            ],
          },
        },
      ],
      users: [{ name: 'u', user: { exec: { command, provideClusterInfo, interactiveMode: 'Never' } } }],
      contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
    });
    const info = async (provide: boolean): Promise<unknown> => {
      const file = path.join(rig.folder, 'kubeconfig');
      await writeFile(file, JSON.stringify(kubeconfig(provide)));
      await scopesOf(await rig.source({ kubeconfig: file, allowCommands: [command] }));
      return JSON.parse(await readFile(told, 'utf8'));
    };
    const head = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential' };
    expect(await info(true)).toEqual({
      ...head,
      spec: {
        interactive: false,
        cluster: {
          server: api.url,
          'certificate-authority-data': 'Y2E=',
          config: { audience: 'shop', empty: null },
        },
      },
    });
    expect(await info(false)).toEqual({ ...head, spec: { interactive: false } });
  });

  it('runs one command at a time however many wait for it, and kills one that hangs', async () => {
    const api = await rig.serve({ tokens: ['t'] });
    const command = path.join(rig.folder, 'get-token');
    const ran = path.join(rig.folder, 'ran');
    const pid = path.join(rig.folder, 'pid');
    const reply = '{"kind":"ExecCredential","status":{"token":"t","expirationTimestamp":"2000-01-01T00:00:00Z"}}';
    await writeFile(command, `#!/bin/sh\necho x >> ${ran}\nprintf '${reply}'\n`);
    await chmod(command, 0o755);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
    const connection = await rig.open([{ name: 'a', server: api.url, user: { exec } }], {
      allowCommands: [command],
      timeout: 0.5,
    });
    await Promise.all(Array.from({ length: 5 }, () => scopesOf(connection)));
    // Before the connection, and with it, since what it gave is over at once: twice, not ten times.
    expect(await readFile(ran, 'utf8')).toBe('x\nx\n');

    await writeFile(command, `#!/bin/sh\necho $$ > ${pid}\nexec sleep 600\n`);
    expect((await rig.discover(connection)).error).toBeUndefined();
    const [scope] = await scopesOf(connection);
    if (!scope) throw new Error('no scope');
    expect(await list(connection, scope)).toMatchObject({ complete: false, reason: { kind: 'auth' } });
    const hung = Number(await readFile(pid, 'utf8'));
    expect(() => process.kill(hung, 0)).toThrow();
  });
});
