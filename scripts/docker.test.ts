import { describe, expect, it } from 'vitest';
import { ensureDocker } from './docker.ts';

describe('ensureDocker', () => {
  it('installs nothing where all is there', () => {
    const asked: string[][] = [];
    expect(
      ensureDocker(
        () => true,
        (...args) => asked.push(args) > 0,
      ),
    ).toBeNull();
    expect(asked).toEqual([]);
  });

  it('installs what is missing, without what is only recommended', () => {
    const asked: string[][] = [];
    const installed = new Set(['/usr/sbin/dockerd']);
    const missing = ensureDocker(
      (file) => installed.has(file),
      (...args) => {
        asked.push(args);
        if (args[0] === 'install') installed.add('/usr/bin/busybox');
        return true;
      },
    );
    expect(missing).toBeNull();
    expect(asked).toEqual([['update'], ['install', '-y', '--no-install-recommends', 'busybox-static']]);
  });

  it('names what is missing where nothing can be installed, or where installing fails', () => {
    expect(ensureDocker(() => false, null)).toContain('apt-get install docker.io busybox-static');
    expect(
      ensureDocker(
        () => false,
        () => false,
      ),
    ).toContain('could not install');
  });
});
