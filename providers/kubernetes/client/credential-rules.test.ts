import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyRules, type CredentialRules } from './credential-rules.ts';
import type { KubeContext } from './kubeconfig.ts';

describe('applyRules', () => {
  let folder: string;
  let home: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'muster-rules-'));
    home = path.join(folder, 'kube');
    await mkdir(home);
    await mkdir(path.join(home, 'pki'));
    for (const name of ['kube/pki/client.crt', 'kube/pki/client.key', 'kube/token', 'outside.key'])
      await writeFile(path.join(folder, name), 'x');
    await symlink(path.join(folder, 'outside.key'), path.join(home, 'link.key'));
    await symlink('pki/client.key', path.join(home, 'inner.key'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const context = (user: object, cluster: object = {}): KubeContext => ({
    name: 'prod',
    cluster: { name: 'c', cluster: { server: 'https://10.0.0.1', ...cluster } },
    user: { name: 'alice', user },
    current: true,
  });
  const rules = (more: Partial<CredentialRules> = {}): CredentialRules => ({
    file: path.join(home, 'config'),
    allowCommands: [],
    allowFiles: [],
    insecureContexts: [],
    ...more,
  });
  const problems = async (
    user: object,
    cluster: object = {},
    more: Partial<CredentialRules> = {},
  ): Promise<string[]> => {
    const result = await applyRules(context(user, cluster), rules(more));
    return 'problems' in result ? result.problems : [];
  };

  it.each([
    ['exec.command', { exec: { command: '/usr/local/bin/get-token', args: ['hunter2'] } }],
    ['exec.command', { exec: { command: 'aws' } }],
    ['exec.command', { exec: { command: './aws' } }],
    ['exec.command', { exec: { command: '/usr/bin/../bin/aws' } }],
    [
      'auth-provider.config.cmd-path',
      { 'auth-provider': { name: 'gcp', config: { 'cmd-path': '/bin/sh', 'cmd-args': '-c id' } } },
    ],
    [
      'auth-provider',
      { 'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'https://x', 'client-secret': 'hunter2' } } },
    ],
    ['tokenFile', { tokenFile: '/etc/shadow' }],
    ['tokenFile', { 'token-file': '/etc/shadow' }],
    ['client-key', { 'client-key': '/etc/ssl/private/other.key' }],
    ['client-key', { 'client-key': '../outside.key' }],
    ['client-key', { 'client-key': 'link.key' }],
    ['client-certificate', { 'client-certificate': '/proc/self/environ' }],
  ])('fault 45: refuses %s by the names of user and field', async (field, user) => {
    const messages = await problems(
      user,
      {},
      { allowCommands: ['/usr/bin/aws'].filter(() => field !== 'exec.command') },
    );
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('user alice');
    expect(messages[0]).toContain(field);
    expect(messages[0]).not.toMatch(/hunter2|shadow|environ|outside/);
  });

  it('allows a command whose absolute path is listed, also where the kubeconfig has only its name', async () => {
    const allowCommands = ['/opt/tools/aws'];
    for (const command of ['/opt/tools/aws', 'aws']) {
      const result = await applyRules(context({ exec: { command } }), rules({ allowCommands }));
      expect(result).toMatchObject({ allowed: { command: '/opt/tools/aws' } });
    }
    expect(await problems({ exec: { command: '/srv/aws' } }, {}, { allowCommands })).toHaveLength(1);
  });

  it.each([
    'PATH',
    'LD_PRELOAD',
    'NODE_OPTIONS',
    'PYTHONPATH',
    'BASH_ENV',
    'HOME',
    'AWS_CONFIG_FILE',
    'CLOUDSDK_PYTHON',
    'GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES',
  ])('fault 45: an allowed command gets no %s from the kubeconfig', async (name) => {
    const exec = { command: '/opt/tools/aws', env: [{ name, value: 'hunter2' }] };
    const messages = await problems({ exec }, {}, { allowCommands: ['/opt/tools/aws'] });
    expect(messages).toEqual([`user alice: exec.env may not set ${name}`]);
  });

  it('allows files of its own folder, relative, absolute and linked within it, and those listed', async () => {
    const user = {
      'client-certificate': 'pki/client.crt',
      'client-key': 'inner.key',
      tokenFile: path.join(home, 'token'),
    };
    expect(await applyRules(context(user), rules())).toMatchObject({
      allowed: {
        clientCertificate: path.join(home, 'pki/client.crt'),
        clientKey: path.join(home, 'inner.key'),
        tokenFile: path.join(home, 'token'),
      },
    });
    const outside = { 'client-key': path.join(folder, 'outside.key') };
    expect(await problems(outside)).toHaveLength(1);
    expect(await problems(outside, {}, { allowFiles: [path.join(folder, 'outside.key')] })).toEqual([]);
    expect(await problems(outside, {}, { allowFiles: [folder] })).toEqual([]);
    expect(await problems(outside, {}, { allowFiles: [path.join(folder, 'out')] })).toHaveLength(1);
  });

  it('fault 45: the folder of a kubeconfig directly in /etc or / is nobody’s own', async () => {
    for (const file of ['/etc/kubeconfig', '/kubeconfig'])
      expect(await problems({ tokenFile: '/etc/passwd' }, {}, { file })).toHaveLength(1);
  });

  it('fault 47: refuses insecure-skip-tls-verify unless the operator lists the context', async () => {
    const cluster = { 'insecure-skip-tls-verify': true };
    expect((await problems({}, cluster))[0]).toMatch(/cluster c: insecure-skip-tls-verify/);
    expect(await problems({}, cluster, { insecureContexts: ['prod'] })).toEqual([]);
    expect(await applyRules(context({}), rules())).toMatchObject({ allowed: { insecure: false } });
  });

  it('refuses a proxy, through which the address could not be looked at', async () => {
    expect(await problems({}, { 'proxy-url': 'http://10.0.0.9' })).toEqual(['cluster c: proxy-url is not supported']);
  });
});
