import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { knownKeys } from './known-hosts.ts';

const hashed = (name: string): string => {
  const salt = Buffer.from('twenty bytes of salt');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

it.each([
  ['a plain name', 'build-1 ssh-ed25519 KEY', 'build-1', 22, true],
  ['one of several', 'a,build-1,10.0.0.1 ssh-ed25519 KEY comment', '10.0.0.1', 22, true],
  ['names in any case', 'Build-1 ssh-ed25519 KEY', 'BUILD-1', 22, true],
  ['another name', 'build-11 ssh-ed25519 KEY', 'build-1', 22, false],
  ['another port', 'build-1 ssh-ed25519 KEY', 'build-1', 2222, false],
  ['a name with its port', '[build-1]:2222 ssh-ed25519 KEY', 'build-1', 2222, true],
  ['wildcards', '*.example.org,build-? ssh-ed25519 KEY', 'build-7', 22, true],
  ['wildcards in the middle', 'a*b*c ssh-ed25519 KEY', 'aXbbYc', 22, true],
  ['a wildcard that ends otherwise', 'a*bc ssh-ed25519 KEY', 'aXbd', 22, false],
  ['a wildcard whose ends overlap', 'ab*ba ssh-ed25519 KEY', 'aba', 22, false],
  ['a name that is taken out', '*,!build-1 ssh-ed25519 KEY', 'build-1', 22, false],
  ['a hashed name', `${hashed('build-1')} ssh-ed25519 KEY`, 'build-1', 22, true],
  ['another hashed name', `${hashed('build-2')} ssh-ed25519 KEY`, 'build-1', 22, false],
  ['a comment', '# build-1 ssh-ed25519 KEY', 'build-1', 22, false],
  ['half a line', 'build-1 ssh-ed25519', 'build-1', 22, false],
  ['an authority, which vouches for certificates', '@cert-authority build-1 ssh-ed25519 KEY', 'build-1', 22, false],
] as const)('known_hosts: %s', (_, line, host, port, known) => {
  expect(knownKeys(`\n${line}\r\n`, host, port).accepted).toEqual(known ? ['KEY'] : []);
});

it('keeps revoked keys apart', () => {
  const file = 'h ssh-ed25519 A\n@revoked h ssh-ed25519 B\n';
  expect(knownKeys(file, 'h', 22)).toEqual({ accepted: ['A'], revoked: ['B'] });
});

it('a pattern of stars takes no time', () => {
  const began = process.cpuUsage();
  knownKeys(`${'*a'.repeat(2000)} ssh-ed25519 KEY`, 'a'.repeat(250), 22);
  expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
});
