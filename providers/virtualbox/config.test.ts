import { expect, it } from 'vitest';
import { virtualBoxConfig } from './config.ts';

const wrong = (config: object): string[] => {
  const parsed = virtualBoxConfig.safeParse(config);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const ssh = { keyFile: '/k', knownHosts: '/h' };

it('needs no key where VirtualBox is here, and a key and a host key over ssh', () => {
  expect(wrong({})).toEqual([]);
  expect(wrong({ host: 'ssh://ada@laptop', ssh })).toEqual([]);
  expect(
    wrong({
      host: 'ssh://ada@laptop',
      hostname: 'laptop.example',
      ssh: { keyFile: '/k', fingerprint: `SHA256:${'a'.repeat(43)}` },
    }),
  ).toEqual([]);
});

it.each([
  [{ host: 'ssh://ada@laptop' }, 'ssh: expected ssh with keyFile and knownHosts or fingerprint'],
  [
    { host: 'ssh://ada@laptop', ssh: { keyFile: '/k' } },
    "ssh: expected knownHosts or fingerprint: a server's key is never trusted unseen",
  ],
  [{ host: 'ssh://laptop', ssh }, 'host: expected ssh://user@host'],
  [{ host: 'ssh://ada:secret@laptop', ssh }, 'host: expected no password in the address'],
  [{ host: 'laptop', ssh }, 'host: expected ssh://user@host'],
  [{ host: 'ssh://a@x', hosts: ['ssh://a@y'], ssh }, 'hosts: expected host or hosts, not both'],
  [{ hosts: ['ssh://a@x', 'ssh://a@x'], ssh }, 'hosts: expected each host once'],
  [
    { hosts: ['ssh://a@x', 'ssh://a@y'], hostname: 'x', ssh },
    'hostname: expected no hostname: it is the name of one machine, and hosts leads to several',
  ],
  [{ vboxManage: 'VBoxManage' }, 'vboxManage: expected an absolute path'],
  [{ vboxManage: "/opt/'; rm -rf ~; '" }, 'vboxManage: expected an absolute path'],
])('says what is wrong with %j', (config, message) => expect(wrong(config)).toEqual([message]));

const beside = (key: string) => `${key}: expected no ${key}: mock does not read it; leave one of the two out`;
it.each([
  [{ ssh }, 'ssh: expected no ssh: only ssh:// reads it; write host: ssh://user@host'],
  [{ mock: {}, hostname: 'x' }, beside('hostname')],
  [{ mock: {}, ssh }, beside('ssh')],
  [{ mock: {}, vboxManage: '/usr/bin/VBoxManage' }, beside('vboxManage')],
  [{ host: 'ssh://ada@laptop?keyfile=/k', ssh }, 'host: expected ssh://user@host'],
  [{ vboxmanage: '/usr/bin/VBoxManage' }, ': Unrecognized key: "vboxmanage"'],
])('fault 110: refuses keys that nothing reads in %j', (config, message) => expect(wrong(config)).toEqual([message]));

it('takes two users of one machine for one machine', () =>
  expect(wrong({ hosts: ['ssh://a@x', 'ssh://b@x'], hostname: 'x.example', ssh })).toEqual([]));
