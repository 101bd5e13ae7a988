import { renameSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownMachine } from '#lib/collector/own-machine.ts';
import { type Resource, resourceSchema } from '#lib/model/index.ts';
import { virtualbox } from '#providers/virtualbox/index.ts';
import { collectLive, type LiveCollector } from '#tests/support/live-collector.ts';
import {
  type RealVirtualBox,
  startVirtualBox,
  VIRTUALBOX_START_MS,
  whyNoVirtualBox,
} from '#tests/support/virtualbox/real-virtualbox.ts';

const reason = whyNoVirtualBox();
/** Seconds on a machine that has time; this one may have none. */
const SOON = { timeout: 120_000, interval: 100 };

/** All that people and others may call a VM. */
const NAMES = [
  'web',
  'q"uo\'te\\back',
  'new\nline',
  'e\u001b[31mred',
  '<inaccessible>',
  'UUID: 00000000-0000-4000-8000-000000000009',
  'x" {00000000-0000-4000-8000-000000000009}\n"y',
  'VMState="aborted"\nname="other"',
  '測試機 é',
];
const DESCRIPTION = 'books\n"orders"\nVMState="aborted"\n\nUUID="x"\n\\';

describe.skipIf(reason !== null)(
  reason === null ? 'a real VirtualBox' : `a real VirtualBox (left out: ${reason})`,
  { timeout: 600_000 },
  () => {
    let real: RealVirtualBox;
    let collector: LiveCollector;
    const uuids = new Map<string, string>();
    const committed = new Map<string, Resource>();

    beforeAll(async () => {
      real = await startVirtualBox();
      for (const name of NAMES) uuids.set(name, real.create(name, '--groups', '/shop'));
      real.vbox('modifyvm', of('web'), '--memory', '2048', '--cpus', '2', '--description', DESCRIPTION);
      real.vbox('modifyvm', of('web'), '--nic1', 'nat', '--mac-address1', '080027AA0001');
      real.vbox('snapshot', of('new\nline'), 'take', 'first');
      // It calls them what its files do once it has read those: they hold no control characters.
      await real.signal('SIGKILL');
      const config = { vboxManage: real.program, timeout: 10 };
      collector = await collectLive(virtualbox, config, (row) => committed.set(row.nativeId, row));
    }, VIRTUALBOX_START_MS);
    afterAll(async () => {
      await collector?.stop();
      await real?.stop();
    }, 120_000);

    function of(name: string): string {
      const uuid = uuids.get(name);
      if (uuid === undefined) throw new Error(`no VM ${name}`);
      return uuid;
    }
    const state = async (part: string) => (await collector.scopes())[part]?.state;
    const rowOf = async (uuid: string) => [...(await collector.rows()).values()].find((row) => row.nativeId === uuid);
    const ticks = () => real.asked().filter((asked) => asked === 'list runningvms').length;
    /** What was asked in the last tick that is over. */
    const lastTick = () => {
      const asked = real.asked();
      const ends = asked.flatMap((each, at) => (each === 'list vms' ? [at] : []));
      return asked.slice(ends.at(-2), ends.at(-1));
    };

    it('lists its VMs as they are called, whatever that looks like, and the machine it runs on', async () => {
      await expect.poll(() => state('vms'), SOON).toBe('fresh');
      await expect.poll(() => state('host'), SOON).toBe('fresh');
      const rows = [...(await collector.rows()).values()];
      const vms = rows.filter(({ kind }) => kind === 'vm');
      const listed = [...real.vbox('list', 'vms').matchAll(/^.*" \{([0-9a-f-]{36})\}$/gm)].map(([, uuid]) => uuid);
      expect(new Set(listed)).toEqual(new Set([...uuids.values(), '00000000-0000-4000-8000-000000000009']));
      const named = [...uuids].map(([name, uuid]) => [name.replace('\u001b', '\ufffd'), uuid] as const);
      expect(new Map(vms.map(({ name, nativeId }) => [name, nativeId]))).toEqual(new Map(named));
      expect(new Set(vms.map((row) => row.state))).toEqual(new Set(['stopped']));
      const [host, ...more] = rows.filter(({ kind }) => kind === 'host');
      expect(more).toEqual([]);
      expect(host).toMatchObject({ name: hostname().toLowerCase(), state: 'running' });
      expect(host?.identities).toContainEqual({ type: 'boot-id', value: ownMachine()?.bootId });
      for (const row of vms) expect(host?.identities).toContainEqual(row.hostedBy[0]);
      for (const row of committed.values()) resourceSchema.parse(row);
    });

    it('says of a VM what VBoxManage prints of it', async () => {
      const row = await rowOf(of('web'));
      expect(row).toMatchObject({ vcpus: 2, memory: 2048, os: 'Debian (64-bit)', nativeState: 'poweroff' });
      expect({ ...row?.tags }).toEqual({ groups: '/shop', description: DESCRIPTION });
      expect(row?.identities).toContainEqual({ type: 'mac', value: '08:00:27:aa:00:01' });
      expect(row?.identities).toContainEqual({ type: 'system-uuid', value: of('web') });
      expect(committed.get(of('new\nline'))?.raw).toMatchObject({ snapshots: 1, currentSnapshot: 'first' });
      expect(committed.get(of('web'))?.raw).toMatchObject({ snapshots: 0 });
    });

    it('looks at one VM a tick, where no settings were written', async () => {
      // And at the one that the name of another made up.
      const looks = () => lastTick().filter((asked) => /^showvminfo (?!0{8}-)/.test(asked)).length;
      await expect.poll(looks, SOON).toBe(1);
    });

    it('sees a VM that is made, changed, cloned, snapshotted or removed with the next poll', async () => {
      const seen = async <T>(what: () => Promise<T> | T, value: T, ...command: string[]) => {
        const before = ticks();
        real.vbox(...command);
        await expect.poll(what, SOON).toEqual(value);
        // One may have begun before, one is that which sees it, one may begin before we look.
        expect(ticks() - before).toBeLessThanOrEqual(3);
      };
      const folder = path.join(real.folder, 'vms');
      const names = async () => [...(await collector.rows()).keys()].filter((name) => name.startsWith('new-'));
      const made = ['--ostype', 'Debian_64', '--register', '--basefolder', folder];
      await seen(names, ['new-1'], 'createvm', '--name', 'new-1', ...made);
      const uuid = (await collector.rows()).get('new-1')?.nativeId ?? '';
      const memory = async () => (await rowOf(uuid))?.memory;
      await seen(memory, 3072, 'modifyvm', uuid, '--memory', '3072');
      await seen(memory, 4096, 'modifyvm', uuid, '--memory', '4096');
      await seen(
        () => committed.get(uuid)?.raw,
        expect.objectContaining({ snapshots: 1 }),
        'snapshot',
        uuid,
        'take',
        's',
      );
      await seen(names, ['new-1', 'new-2'], 'clonevm', uuid, '--name', 'new-2', '--register', '--basefolder', folder);
      await seen(names, ['new-2'], 'unregistervm', uuid, '--delete');
      await seen(names, ['new-3'], 'modifyvm', 'new-2', '--name', 'new-3');
      await seen(names, [], 'unregistervm', 'new-3', '--delete');
    });

    it('says that VBoxSVC hangs, keeps its rows, and is right again once it was killed', async () => {
      const before = [...(await collector.rows()).keys()].sort();
      await real.signal('SIGSTOP');
      await expect.poll(() => state('vms'), SOON).toBe('reconnecting');
      expect((await collector.scopes()).vms?.reason).toMatchObject({ kind: 'timeout' });
      expect([...(await collector.rows()).keys()].sort()).toEqual(before);
      await real.signal('SIGKILL');
      await expect.poll(() => state('vms'), SOON).toBe('fresh');
      expect([...(await collector.rows()).keys()].sort()).toEqual(before);
    });

    it('keeps a VM whose settings are lost, under its name and of unknown state, and has it again once they are back', async () => {
      const { CfgFile } = (committed.get(of('web'))?.raw ?? {}) as { CfgFile?: string };
      const file = CfgFile ?? '';
      renameSync(file, `${file}.away`);
      // It knows what it has read until it is begun anew.
      await real.signal('SIGKILL');
      const shown = async () => (await rowOf(of('web')))?.state;
      await expect.poll(shown, SOON).toBe('unknown');
      expect(await rowOf(of('web'))).toMatchObject({ name: 'web', nativeState: 'inaccessible', memory: 2048 });
      renameSync(`${file}.away`, file);
      await expect.poll(shown, SOON).toBe('stopped');
      await expect.poll(() => state('vms'), SOON).toBe('fresh');
    });
  },
);
