import { describe, expect, it } from 'vitest';
import { ensurePackages, SYSTEMS } from './debian.ts';

const PACKAGES = { 'docker.io': '/usr/sbin/dockerd', 'busybox-static': '/usr/bin/busybox' };

/** A machine that has these files, and an apt-get that brings those of what it is told to install. */
function machine(...files: string[]) {
  const asked: string[][] = [];
  const apt = (...args: string[]) => {
    asked.push(args);
    for (const [name, file] of Object.entries(PACKAGES))
      if (args[0] === 'install' && args.includes(name)) files.push(file);
    return true;
  };
  return { asked, apt, exists: (file: string) => files.includes(file) };
}

describe('ensurePackages', () => {
  it('installs nothing where all is there, wherever it came from', () => {
    const { asked, apt, exists } = machine(...Object.values(PACKAGES));
    expect(ensurePackages(PACKAGES, exists, apt)).toBeNull();
    expect(asked).toEqual([]);
  });

  it('installs what is missing, without what is only recommended', () => {
    const { asked, apt, exists } = machine('/usr/sbin/dockerd');
    expect(ensurePackages(PACKAGES, exists, apt)).toBeNull();
    expect(asked).toEqual([['update'], ['install', '-y', '--no-install-recommends', 'busybox-static']]);
  });

  it('names what is missing, and the command, where nothing can be installed or installing fails', () => {
    const { exists } = machine();
    const command = 'apt-get install --no-install-recommends docker.io busybox-static';
    expect(ensurePackages(PACKAGES, exists, null)).toBe(`docker.io, busybox-static (Debian: ${command})`);
    expect(ensurePackages(PACKAGES, exists, () => false)).toBe(`docker.io, busybox-static: \`${command}\` failed`);
  });

  it('does not take the word of apt-get for a file that is not there', () => {
    expect(ensurePackages(PACKAGES, machine().exists, () => true)).toContain('not where Debian has it');
  });
});

it('knows each package by a file of its own', () => {
  for (const packages of Object.values(SYSTEMS)) {
    const files = Object.values(packages);
    expect(new Set(files).size).toBe(files.length);
    for (const file of files) expect(file).toMatch(/^\/(usr|etc)\//);
  }
});
