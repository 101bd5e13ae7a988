import { describe, expect, it } from 'vitest';
import { openstackConfig } from './config.ts';

const authUrl = 'https://keystone.example.org:5000/v3';
const app = { applicationCredential: { id: 'a', secret: 's' } };
const user = { username: 'u', password: 'p' };
const problems = (config: object): string[] =>
  openstackConfig.safeParse(config).error?.issues.map((issue) => issue.path.join('.')) ?? [];

describe('configuration of OpenStack', () => {
  it.each([
    [{ authUrl, ...app }],
    [{ authUrl, applicationCredential: { id: 'a', secretFile: '/run/secret' }, region: 'R', interface: 'internal' }],
    [{ authUrl, ...user, project: 'p', domain: 'd', userDomain: 'u', projectDomain: 'p' }],
    [{ authUrl, username: 'u', passwordFile: '/run/password', allowedHosts: ['Nova.example.org'] }],
    [{ mock: {} }],
    [{ authUrl: 'http://127.0.0.1:5000', mock: {} }],
  ])('takes %j', (config) => expect(problems(config)).toEqual([]));

  it('knows hosts in lower case, public addresses and no other host', () => {
    expect(openstackConfig.parse({ authUrl, ...user, allowedHosts: ['Nova.Example.org'] })).toMatchObject({
      interface: 'public',
      allowedHosts: ['nova.example.org'],
    });
    expect(openstackConfig.parse({ authUrl, ...user }).allowedHosts).toEqual([]);
  });

  it.each([
    [{ ...app }, 'authUrl'],
    [{ authUrl: 'http://keystone.example.org/v3', ...app }, 'authUrl'],
    [{ authUrl: 'https://keystone.example.org/v2.0', ...app }, 'authUrl'],
    [{ authUrl: 'https://u:p@keystone.example.org/v3', ...app }, 'authUrl'],
    [{ authUrl }, 'username'],
    [{ authUrl, username: 'u' }, 'password'],
    [{ authUrl, ...user, passwordFile: '/run/password' }, 'password'],
    [{ authUrl, ...user, ...app }, 'username'],
    [{ authUrl, applicationCredential: { id: 'a' } }, 'applicationCredential'],
    [{ authUrl, applicationCredential: { id: 'a', secret: 's', secretFile: '/f' } }, 'applicationCredential'],
    [{ authUrl, ...app, interface: 'admin' }, 'interface'],
    [{ authUrl, ...app, allowedHosts: ['https://nova.example.org'] }, 'allowedHosts.0'],
    [{ authUrl, ...app, allowedHosts: ['nova.example.org:8774'] }, 'allowedHosts.0'],
  ])('refuses %j and names %s', (config, key) => expect(problems(config)).toContain(key));

  it.each([
    [{ mock: {}, ...user }, ['username', 'password']],
    [{ mock: {}, ...app, allowedHosts: ['nova.example.org'] }, ['applicationCredential', 'allowedHosts']],
    [{ mock: {}, project: 'p', domain: 'd' }, ['project', 'domain']],
    [{ authUrl, ...app, domain: 'd' }, ['domain']],
    [{ authUrl, ...app, userDomain: 'd', projectDomain: 'd' }, ['userDomain', 'projectDomain']],
    [{ authUrl, ...user, projectDomain: 'd' }, ['projectDomain']],
    [{ authUrl, ...user, project: 'a'.repeat(32), projectDomain: 'd' }, ['projectDomain']],
  ])('fault 110: refuses keys that nothing reads in %j', (config, keys) => {
    expect(problems(config)).toEqual(keys);
  });
});
