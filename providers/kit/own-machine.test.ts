import { expect, it } from 'vitest';
import { isOwnMachine } from './own-machine.ts';

const own = {
  hostname: 'build-1',
  kernel: '6.1.0-32-amd64',
  memory: 24_105,
  installed: 24_576,
  bootId: 'b',
  machineId: 'm',
};
const reported = { hostname: 'build-1', kernel: '6.1.0-32-amd64', memory: 24_105 };

it.each([
  ['the same name, kernel and memory', reported, true],
  ['the name with its domain', { ...reported, hostname: 'Build-1.example.org' }, true],
  ['memory that a balloon has moved a little', { ...reported, memory: 24_000 }, true],
  ['all of its memory, the part of the kernel too: LXD', { ...reported, memory: 24_576 }, true],
  ['no kernel, where a system tells none', { hostname: 'build-1', memory: 24_105 }, true],
  ['another name: a collector in a container', { ...reported, hostname: '3f2a1b' }, false],
  ['a name that only begins so', { ...reported, hostname: 'build-10' }, false],
  ['another kernel: Docker Desktop', { ...reported, kernel: '6.10.14-linuxkit' }, false],
  ['other memory: a VM', { ...reported, memory: 7_900 }, false],
  ['no memory', { ...reported, memory: null }, false],
  ['no name', { ...reported, hostname: null }, false],
])('fault 111: takes an engine for the own machine by %s: %j', (_, what, is) => {
  expect(isOwnMachine(own, what)).toBe(is);
});
