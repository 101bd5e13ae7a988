import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownMachine } from './own-machine.ts';

const BOOT = '9aad0738-0146-45ec-ae9f-d05abc904a50';

function files(bootId: string | null, machineId: string | null) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'muster-own-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const named = {
    bootId: path.join(folder, 'boot_id'),
    machineId: path.join(folder, 'machine-id'),
    blocks: path.join(folder, 'memory'),
  };
  if (bootId !== null) writeFileSync(named.bootId, bootId);
  if (machineId !== null) writeFileSync(named.machineId, machineId);
  return named;
}

test('says name, kernel and memory, and the ids that tell this start of this machine from others', () => {
  const named = files(`${BOOT}\n`, '0123456789ABCDEF0123456789abcdef\n');
  for (const [block, online] of Object.entries({ memory0: '1\n', memory1: '0\n', memory32: '1\n' })) {
    mkdirSync(path.join(named.blocks, block), { recursive: true });
    writeFileSync(path.join(named.blocks, block, 'online'), online);
  }
  writeFileSync(path.join(named.blocks, 'block_size_bytes'), '8000000\n');
  expect(ownMachine(named)).toEqual({
    hostname: os.hostname(),
    kernel: os.release(),
    memory: os.totalmem() / 2 ** 20,
    installed: 256,
    bootId: BOOT,
    machineId: '0123456789abcdef0123456789abcdef',
  });
});

test('knows no machine id where there is none or it is none, and no machine without a boot id', () => {
  expect(ownMachine(files(BOOT, null))).toMatchObject({ machineId: null, installed: null });
  expect(ownMachine(files(BOOT, 'uninitialized\n'))?.machineId).toBeNull();
  expect(ownMachine(files(null, '0123456789abcdef0123456789abcdef'))).toBeNull();
  expect(ownMachine(files('', null))).toBeNull();
});

test.runIf(process.platform === 'linux')('knows the start of this kernel', () => {
  expect(ownMachine()?.bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
});
