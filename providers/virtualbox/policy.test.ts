import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { virtualbox } from './index.ts';
import { ACTIONS, ENVIRONMENT, REFUSED } from './policy.ts';

const all = Object.values(ACTIONS);
const UUID = '3ac872fc-55f9-4df4-abf1-291ed4914fac';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-gate-'));
  writeFileSync(path.join(folder, 'VBoxManage'), '#!/bin/sh\necho "ran $LC_ALL $*"\n', { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What sshd would run for this command, with a VBoxManage that tells. */
function asked(actions: readonly string[], command: string) {
  const file = path.join(folder, 'gate');
  writeFileSync(file, virtualbox.policy?.(actions).text ?? '');
  const env = { PATH: `${folder}:${process.env.PATH}`, SSH_ORIGINAL_COMMAND: command };
  const { stdout, stderr, status } = spawnSync('/bin/sh', [file], { env: env as never, encoding: 'utf8' });
  return { stdout: stdout.trim(), stderr: stderr.trim(), status };
}

const commandOf = (action: string): string =>
  `${ENVIRONMENT} ${action}${action === ACTIONS.describe ? ` ${UUID} --machinereadable` : action === ACTIONS.addresses ? ` ${UUID}` : ''}`;

it('is the file that ships, word for word, for all of its actions', () => {
  const shipped = readFileSync(new URL('./permissions.sh', import.meta.url), 'utf8');
  expect(virtualbox.policy?.([...all, ...all].reverse())).toEqual({ format: 'text', text: shipped });
});

it.each(all)('lets %s through, in the right locale, and nothing beside it', (action) => {
  for (const other of all) {
    const { stdout, status } = asked([action], commandOf(other));
    if (other === action)
      expect(stdout).toBe(`ran C.UTF-8 ${commandOf(other).replace(`${ENVIRONMENT} VBoxManage `, '')}`);
    else expect([stdout, status]).toEqual(['', 126]);
  }
});

it.each([
  'VBoxManage list vms',
  `${ENVIRONMENT} VBoxManage list vms; id`,
  `${ENVIRONMENT} VBoxManage list vms\nid`,
  `${ENVIRONMENT} VBoxManage controlvm ${UUID} poweroff`,
  `${ENVIRONMENT} VBoxManage showvminfo ${UUID} --machinereadable --password x`,
  `${ENVIRONMENT} VBoxManage showvminfo $(id) --machinereadable`,
  `${ENVIRONMENT} VBoxManage showvminfo ${UUID} ${UUID} --machinereadable`,
  `${ENVIRONMENT} VBoxManage guestproperty set ${UUID}`,
  '',
  'sh',
])('refuses %j', (command) => expect(asked(all, command)).toEqual({ stdout: '', stderr: REFUSED, status: 126 }));

it('takes no action that is not its own', () => expect(virtualbox.policy?.(['"; evil']).text).not.toContain('evil'));
