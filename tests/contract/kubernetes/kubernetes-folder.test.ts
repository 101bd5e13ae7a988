import { mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '#providers/contract.ts';
import type { ApiServer } from '#tests/fakes/kube-apiserver.ts';
import { kubeconfigText, list, type TestContext } from '#tests/support/kubernetes/kubernetes.ts';
import { type KubeRig, kubeRig } from '#tests/support/kubernetes/kubernetes-rig.ts';

describe('a folder of kubeconfigs', () => {
  let rig: KubeRig;
  let folder: string;
  let good: ApiServer;
  beforeEach(async () => {
    rig = await kubeRig();
    folder = path.join(rig.folder, 'clusters');
    await mkdir(folder);
    good = await rig.serve({ uid: 'good', tokens: ['tok'] });
    await put('good.yaml', [{ name: 'good', server: good.url }]);
  });

  const put = (file: string, contexts: readonly TestContext[], more?: object) =>
    writeFile(path.join(folder, file), kubeconfigText(contexts, more));
  const open = (config: object = {}): Promise<Connection> => rig.source({ kubeconfig: folder, ...config });
  const labels = async (connection: Connection) =>
    (await rig.discover(connection)).scopes.map(({ label }) => label).sort();

  it('has every context of every file, and says from which file it is', async () => {
    const other = await rig.serve({ uid: 'other' });
    const third = await rig.serve({ uid: 'third' });
    await put('team.yaml', [
      { name: 'other', server: other.url },
      { name: 'third', server: third.url },
    ]);
    expect(await labels(await open())).toEqual([
      'good nodes (good.yaml)',
      'good pods (good.yaml)',
      'other nodes (team.yaml)',
      'other pods (team.yaml)',
      'third nodes (team.yaml)',
      'third pods (team.yaml)',
    ]);
  });

  it('puts the file in front of a name that two files use, and picks contexts by either', async () => {
    const other = await rig.serve({ uid: 'other' });
    await put('team.yaml', [{ name: 'good', server: other.url }]);
    expect((await labels(await open())).filter((label) => label.includes('nodes'))).toEqual([
      'good.yaml:good nodes (good.yaml)',
      'team.yaml:good nodes (team.yaml)',
    ]);
    expect(await labels(await open({ contexts: ['team.yaml:good'], names: { 'team.yaml:good': 'Team' } }))).toEqual([
      'Team nodes (team.yaml)',
      'Team pods (team.yaml)',
    ]);
  });

  it('sees files that are added, removed and rotated without a restart', async () => {
    const connection = await open();
    const [scope] = (await rig.discover(connection)).scopes;
    if (!scope) throw new Error('no scope');
    const late = await rig.serve({ uid: 'late' });
    await put('late.yaml', [{ name: 'late', server: late.url }]);
    expect(await labels(connection)).toHaveLength(4);
    await rm(path.join(folder, 'late.yaml'));
    expect(await labels(connection)).toEqual(['good nodes (good.yaml)', 'good pods (good.yaml)']);

    good.tokens = ['rotated'];
    await put('good.yaml', [{ name: 'good', server: good.url, user: { token: 'rotated' } }]);
    expect((await rig.discover(connection)).error).toBeUndefined();
    expect(await list(connection, scope)).toMatchObject({ complete: true });
  });

  it('is a failed discovery, and nothing is lost, while a file is broken or the folder is away', async () => {
    const connection = await open();
    const before = await labels(connection);
    await writeFile(path.join(folder, 'good.yaml'), 'half: [');
    const half = await rig.discover(connection);
    expect(half.scopes.map(({ label }) => label).sort()).toEqual(before);
    expect(half.error).toMatchObject({ kind: 'config', message: expect.stringMatching(/kubeconfig good\.yaml: YAML/) });
    await rm(folder, { recursive: true });
    const away = await rig.discover(connection);
    expect(away.scopes.map(({ label }) => label).sort()).toEqual(before);
    expect(away.error).toMatchObject({ kind: 'config', message: expect.stringMatching(/no such file or folder/) });
  });

  const bomb = `a: &a [x]\nb: [*a, *a]\n`;
  it.each([
    ['YAML that is none', 'x: ][', /YAML is not well-formed/],
    ['an alias bomb', bomb, /aliases/],
    ['11 MB', `# ${'x'.repeat(11 * 1024 * 1024)}`, /at most 1048576 bytes/],
    ['a key twice', 'users: []\nusers: []', /YAML is not well-formed/],
    ['something else', '- a list', /expected object/],
  ])('fault 48: a file of %s is named, and the others are listed', async (_, text, reason) => {
    await writeFile(path.join(folder, 'bad.yaml'), text);
    const { scopes, dead, error } = await rig.discover(await open());
    expect(scopes.map(({ label }) => label)).toEqual(['good nodes (good.yaml)', 'good pods (good.yaml)']);
    expect(dead).toMatchObject([
      { name: 'bad.yaml', error: { kind: 'config', message: expect.stringMatching(reason) } },
    ]);
    expect(error).toMatchObject({ message: expect.stringMatching(/kubeconfig bad\.yaml/) });
  });

  it('fault 45: a context that runs or reads what it may not is refused by name, and the others are listed', async () => {
    const spawned = path.join(rig.folder, 'spawned');
    const thief = await rig.serve({ uid: 'thief' });
    await writeFile(path.join(folder, '.token'), 'hunter2');
    await put('bad.yaml', [
      { name: 'exec', server: thief.url, user: { exec: { command: '/bin/touch', args: [spawned] } } },
      { name: 'shadow', server: thief.url, user: { tokenFile: '/etc/shadow' } },
      // The other kubeconfig's credential, sent as a token to a server of its own.
      { name: 'neighbour', server: thief.url, user: { tokenFile: 'good.yaml' } },
      { name: 'key', server: thief.url, user: { 'client-key': '.token', 'client-certificate': '.token' } },
      {
        name: 'provider',
        server: thief.url,
        user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': '/bin/sh' } } },
      },
    ]);
    const { scopes, dead, error } = await rig.discover(await open());
    expect(scopes.map(({ account }) => account)).toEqual(['good', 'good']);
    expect(error).toBeUndefined();
    expect(dead.map(({ name, error: reason }) => [name, String(reason)]).sort()).toEqual([
      ['exec (bad.yaml)', expect.stringMatching(/user exec-user: exec\.command is refused/)],
      [
        'key (bad.yaml)',
        expect.stringMatching(/user key-user: client-certificate names a file.*client-key names a file/),
      ],
      ['neighbour (bad.yaml)', expect.stringMatching(/user neighbour-user: tokenFile names a file/)],
      ['provider (bad.yaml)', expect.stringMatching(/auth-provider\.config\.cmd-path is refused/)],
      ['shadow (bad.yaml)', expect.stringMatching(/user shadow-user: tokenFile names a file/)],
    ]);
    expect(thief.requests).toEqual([]);
    await expect(stat(spawned)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('reads a file that a kubeconfig of a folder names where the operator lists it', async () => {
    const token = path.join(rig.folder, 'token');
    await writeFile(token, 'tok');
    await put('good.yaml', [{ name: 'good', server: good.url, user: { tokenFile: token } }]);
    expect((await rig.discover(await open())).dead).toHaveLength(1);
    expect(await labels(await open({ allowFiles: [token] }))).toHaveLength(2);
  });

  it('fault 46: a server that is none is refused by name, and the others are listed', async () => {
    const servers = [
      'https://169.254.169.254',
      'https://[fd00:ec2::254]',
      'https://0.0.0.0',
      'file:///etc',
      'https://2852039166',
    ];
    await put(
      'bad.yaml',
      servers.map((server, i) => ({ name: `bad-${i}`, server })),
    );
    const { scopes, dead } = await rig.discover(await open());
    expect(scopes).toHaveLength(2);
    expect(dead).toHaveLength(servers.length);
    for (const { error } of dead)
      expect(error).toMatchObject({ kind: 'config', message: expect.stringMatching(/server: /) });
  });

  it('fault 47: a context without verified certificates is refused alone', async () => {
    await put('bad.yaml', [
      { name: 'lab', server: 'https://127.0.0.1:1', cluster: { 'insecure-skip-tls-verify': true } },
    ]);
    const { scopes, dead } = await rig.discover(await open());
    expect(scopes).toHaveLength(2);
    expect(dead).toMatchObject([
      { error: { kind: 'config', message: expect.stringMatching(/insecure-skip-tls-verify/) } },
    ]);
  });

  it('passes over hidden files, backups and folders, and follows links inside of the folder only', async () => {
    const outside = path.join(rig.folder, 'outside.yaml');
    await writeFile(outside, kubeconfigText([{ name: 'outside', server: good.url }]));
    await symlink(outside, path.join(folder, 'link.yaml'));
    // As a mounted secret is: files are links into a hidden folder.
    await mkdir(path.join(folder, '..2026_11_21'));
    await writeFile(
      path.join(folder, '..2026_11_21', 'mounted.yaml'),
      kubeconfigText([{ name: 'mounted', server: (await rig.serve({ uid: 'mounted' })).url }]),
    );
    await symlink('..2026_11_21', path.join(folder, '..data'));
    await symlink('..data/mounted.yaml', path.join(folder, 'mounted.yaml'));
    await mkdir(path.join(folder, 'cache'));
    for (const name of ['.swp', '.hidden.yaml', 'good.yaml~']) await writeFile(path.join(folder, name), 'x: ][');
    const { scopes, dead } = await rig.discover(await open());
    expect(scopes.map(({ account }) => account)).toEqual(['good', 'good', 'mounted', 'mounted']);
    expect(dead).toMatchObject([
      { name: 'link.yaml', error: { message: expect.stringMatching(/links out of its folder/) } },
    ]);
  });

  it('an empty folder proves nothing', async () => {
    await rm(path.join(folder, 'good.yaml'));
    const { scopes, error } = await rig.discover(await open());
    expect(scopes).toEqual([]);
    expect(error).toMatchObject({ kind: 'config', message: 'k: kubeconfig: it has no contexts' });
  });
});
