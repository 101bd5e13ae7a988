import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { busybox, ended, find, removeMounted } from '../docker/docker-engine.ts';

/** Why no LXD of our own can be started on this machine, or null. */
export function whyNoLxd(): string | null {
  if (process.platform !== 'linux') return 'LXD runs on Linux';
  if (process.getuid?.() !== 0) return 'LXD needs root';
  for (const program of ['lxd', 'lxc'])
    if (!find(program)) return `${program} is not installed (Debian: apt-get install lxd lxd-client)`;
  if (!busybox()) return 'no static busybox to run in containers (Debian: apt-get install busybox-static)';
  return null;
}

export interface RealLxd {
  readonly socket: string;
  /** Runs `lxc`, as an operator would. @returns what it prints @throws with what it says of an error */
  lxc(...args: string[]): string;
  /** A file of its folder. @returns where it is */
  file(name: string, text: string): string;
  /** Ends it at once, as a crash does; its containers go on. */
  kill(): Promise<void>;
  /** Begins it again on what it had; resolves when it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** First process of a container: it does nothing, and ends when it is told to. */
const INIT = '#!/bin/sh\ntrap "exit 0" PWR TERM\nwhile true; do /bin/sleep 1; done\n';
const METADATA = `architecture: x86_64
creation_date: 1700000000
properties: { description: busybox, os: busybox, release: "1" }
`;
const PRESEED = `storage_pools: [{ name: default, driver: dir }]
profiles: [{ name: default, devices: { root: { path: /, pool: default, type: disk } } }]
`;

/**
 * An LXD with data and containers of its own, without a network, and the image `busybox`.
 * @throws with the end of its log where it does not come up
 */
export async function startLxd(): Promise<RealLxd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-lxd-'));
  // The root of a container is nobody here, and has its own root in it.
  chmodSync(folder, 0o711);
  const data = path.join(folder, 'data');
  mkdirSync(data);
  const env = { ...process.env, LXD_DIR: data, LXD_CONF: path.join(folder, 'conf') };
  const log: string[] = [];
  const launch = (): ChildProcess => {
    const child = spawn(find('lxd') ?? 'lxd', ['--group', 'root'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.on('data', (chunk: Buffer) => {
      log.push(chunk.toString('utf8'));
      log.splice(0, log.length - 20);
    });
    return child;
  };
  const run = (program: string, args: readonly string[], input = ''): string => {
    const { status, stdout, stderr } = spawnSync(find(program) ?? program, args, { env, input, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.slice(-400)}`);
    return stdout;
  };
  let daemon = launch();
  const up = async () => {
    for (let tries = 0; tries < 600; tries++) {
      if (spawnSync(find('lxc') ?? 'lxc', ['query', '/1.0'], { env }).status === 0) return;
      if (daemon.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`lxd did not come up: ${log.join('').slice(-600)}`);
  };
  const end = async () => {
    await ended(daemon);
    removeMounted(folder);
  };
  try {
    await up();
    run('lxd', ['init', '--preseed'], PRESEED);
    run('lxc', ['image', 'import', imageIn(folder), '--alias', 'busybox']);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    socket: path.join(data, 'unix.socket'),
    lxc: (...args) => run('lxc', args),
    file(name, text) {
      const at = path.join(folder, name);
      writeFileSync(at, text);
      return at;
    },
    kill: () => ended(daemon, 'SIGKILL'),
    async restart() {
      daemon = launch();
      await up();
    },
    async stop() {
      try {
        const rows: { name: string; project: string }[] = JSON.parse(
          run('lxc', ['query', '/1.0/instances?recursion=1&all-projects=true']),
        );
        for (const { name, project } of rows) run('lxc', ['delete', '--force', '--project', project, name]);
      } finally {
        await end();
      }
    },
  };
}

/** @returns the file of an image whose container is one program */
function imageIn(folder: string): string {
  const image = path.join(folder, 'image');
  const root = path.join(image, 'rootfs');
  for (const name of ['bin', 'sbin', 'dev', 'proc', 'sys', 'etc', 'tmp', 'run', 'root', 'var'])
    mkdirSync(path.join(root, name), { recursive: true });
  copyFileSync(busybox() ?? '', path.join(root, 'bin/busybox'));
  for (const name of ['sh', 'sleep']) symlinkSync('busybox', path.join(root, 'bin', name));
  writeFileSync(path.join(root, 'sbin/init'), INIT);
  chmodSync(path.join(root, 'sbin/init'), 0o755);
  writeFileSync(path.join(image, 'metadata.yaml'), METADATA);
  const file = path.join(folder, 'image.tar');
  spawnSync('tar', ['-c', '-f', file, '-C', image, 'metadata.yaml', 'rootfs']);
  return file;
}
