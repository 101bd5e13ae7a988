import { chmodSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ACTIONS } from '#providers/virtualbox/policy.ts';
import { aVm, failing, VirtualBoxHost, vboxReply } from '#tests/fakes/virtualbox.ts';
import {
  calm,
  listed,
  openVirtualBox,
  scopesOf,
  sorted,
  virtualBoxHere,
} from '#tests/support/virtualbox/virtualbox.ts';

describe('VBoxManage as a program on this machine', () => {
  it('lists the VMs of whoever runs the collector, and the machine', async () => {
    const { connection, vms, machine, host } = await virtualBoxHere([aVm(1), aVm(2, { VMState: 'saved' })]);
    const user = os.userInfo().username;
    const listing = await listed(connection.list(vms, calm()), vms);
    expect(listing.complete).toBe(true);
    expect(sorted(listing).map(({ uid, name, state }) => [uid, name, state])).toEqual([
      [`virtualbox:laptop.example/${user}/00000000-0000-4000-8000-000000000001`, 'vm-1', 'running'],
      [`virtualbox:laptop.example/${user}/00000000-0000-4000-8000-000000000002`, 'vm-2', 'suspended'],
    ]);
    const [row] = sorted(await listed(connection.list(machine, calm()), machine));
    expect(row).toMatchObject({ uid: 'virtualbox:laptop.example', physical: { cpu: 8, memory: 16384 } });
    // A guest that is not in memory is asked nothing.
    expect(host.asked.filter((asked) => asked.startsWith(ACTIONS.addresses))).toEqual([`${ACTIONS.addresses} 01`]);
  });

  it('gives it a few variables of the environment, and a locale in which every name can be printed', async () => {
    const { connection, vms, host } = await virtualBoxHere([aVm(1)]);
    vi.stubEnv('VBOX_USER_HOME', '/home/ada/elsewhere');
    vi.stubEnv('MUSTER_TEST_SECRET', 'canary');
    onTestFinished(() => void vi.unstubAllEnvs());
    await listed(connection.list(vms, calm()), vms);
    const allowed = ['HOME', 'LC_ALL', 'PATH', 'PWD', 'OLDPWD', 'SHLVL', 'XDG_RUNTIME_DIR', '_', 'TEMP'];
    const known = new Set([...allowed, 'VBOX_USER_HOME', 'VBOX_IPC_SOCKETID', 'XDG_CONFIG_HOME']);
    for (const { env, locale } of host.runs) {
      expect(env.filter((name) => !known.has(name))).toEqual([]);
      // Without it, the VMs would be those of another folder.
      expect(env).toContain('VBOX_USER_HOME');
      expect(locale).toBe('C.UTF-8');
    }
  });

  it('takes no list at all for an error, where it prints nothing, and an empty one for what it is', async () => {
    const { connection, vms, host } = await virtualBoxHere([]);
    expect(await listed(connection.list(vms, calm()), vms)).toMatchObject({ complete: true });
    expect(host.asked).toEqual([ACTIONS.vms, ACTIONS.properties]);
    const nothing = vboxReply({ stdout: '', stderr: '', code: 0 });
    for (const action of [ACTIONS.vms, ACTIONS.properties]) host.replies.set(action, nothing);
    expect(await listed(connection.list(vms, calm()), vms)).toMatchObject({
      complete: false,
      reason: { kind: 'bad-reply', message: expect.stringContaining(ACTIONS.properties) },
    });
  });

  it('ends one that says nothing: VBoxSVC hangs', async () => {
    const host = await VirtualBoxHost.start([aVm(1)]);
    onTestFinished(() => host.close());
    const connection = await openVirtualBox({ vboxManage: host.program, timeout: 0.5 });
    const { vms } = await scopesOf(connection);
    host.replies.set(ACTIONS.vms, { end: 'silent' });
    expect(await listed(connection.list(vms, calm()), vms)).toMatchObject({
      complete: false,
      reason: { kind: 'timeout', message: expect.stringContaining('VBoxManage said nothing for 0.5 s') },
    });
  });

  it.each([
    [
      'is being upgraded',
      'VBoxManage: error: The object is not ready\nVBoxManage: error: Details: code E_ACCESSDENIED (0x80070005), component VirtualBoxWrap, interface IVirtualBox',
      'network',
    ],
    [
      'was killed',
      'VBoxManage: error: Code NS_ERROR_CALL_FAILED (0x800706be) - Call to remote object failed (extended info not available)',
      'network',
    ],
  ])('says that VBoxSVC went away where it %s, and keeps every row', async (_, stderr, kind) => {
    const { connection, vms, host } = await virtualBoxHere([aVm(1), aVm(2)]);
    host.replies.set(ACTIONS.describe, failing(stderr));
    expect(await listed(connection.list(vms, calm()), vms)).toMatchObject({ complete: false, reason: { kind } });
  });

  it('says where it looked for a program that is not there', async () => {
    const connection = await openVirtualBox({ vboxManage: '/nowhere/VBoxManage' });
    const { vms } = await scopesOf(connection);
    expect(await listed(connection.list(vms, calm()), vms)).toMatchObject({
      complete: false,
      reason: { kind: 'config', message: expect.stringContaining('/nowhere/VBoxManage is not on this machine') },
    });
  });

  it('refuses bytes that are no UTF-8: a name in an older encoding would be another one', async () => {
    const host = await VirtualBoxHost.start([]);
    onTestFinished(() => host.close());
    const file = path.join(host.folder, 'latin1');
    writeFileSync(file, '#!/bin/sh\nprintf \'"caf\\351" {00000000-0000-4000-8000-000000000001}\\n\'\n');
    chmodSync(file, 0o755);
    const connection = await openVirtualBox({ vboxManage: file });
    const { vms } = await scopesOf(connection);
    expect(await listed(connection.list(vms, calm()), vms)).toMatchObject({
      complete: false,
      reason: { kind: 'bad-reply', message: expect.stringContaining('expected UTF-8 of VBoxManage') },
    });
  });

  it('fault 111: is the collector’s own machine where memory and kernel say so, and no other', async () => {
    const host = await VirtualBoxHost.start([]);
    onTestFinished(() => host.close());
    const own = {
      hostname: 'mine',
      kernel: '6.12.48-amd64',
      memory: 16384,
      installed: null,
      bootId: 'b',
      machineId: 'm',
    };
    const identities = async (machine: typeof own) => {
      const connection = await openVirtualBox({ vboxManage: host.program }, undefined, machine);
      const scope = (await scopesOf(connection)).machine;
      return sorted(await listed(connection.list(scope, calm()), scope))[0]?.identities;
    };
    expect(await identities(own)).toContainEqual({ type: 'boot-id', value: 'b' });
    // A script with ssh in it, or VBoxManage.exe below WSL.
    for (const other of [
      { ...own, memory: 8192 },
      { ...own, kernel: '6.12.48-microsoft' },
    ])
      expect(await identities(other)).not.toContainEqual({ type: 'boot-id', value: 'b' });
  });
});
