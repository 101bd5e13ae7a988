import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { busybox, type Engine, ended, find, removeMounted, up } from './docker-engine.ts';

/** Why no Podman of our own can be started on this machine, or null. */
export function whyNoPodman(): string | null {
  if (process.platform !== 'linux') return 'Podman runs on Linux';
  if (process.getuid?.() !== 0) return 'Podman of its own needs root here';
  for (const program of ['podman', 'conmon', 'runc'])
    if (!find(program)) return `${program} is not installed (Debian: apt-get install podman conmon runc)`;
  if (!busybox()) return 'no static busybox to run in containers (Debian: apt-get install busybox-static)';
  return null;
}

/** What every container needs under runc without systemd, as the API has it. */
export const PODMAN_HOST = {
  NetworkMode: 'host',
  Ulimits: [
    { Name: 'nofile', Soft: 1024, Hard: 1024 },
    { Name: 'nproc', Soft: 4096, Hard: 4096 },
  ],
};

/**
 * Podman's Docker-compatible API with storage and containers of its own. Its containers have no daemon above them: they outlive a kill.
 * @throws with the end of its log where it does not come up
 */
export async function startPodman(): Promise<Engine> {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-podman-'));
  const socket = path.join(folder, 'podman.sock');
  const program = find('podman') ?? 'podman';
  const common = [
    ...['--root', path.join(folder, 'root'), '--runroot', path.join(folder, 'run')],
    ...['--tmpdir', path.join(folder, 'tmp'), '--storage-driver', 'vfs', '--cgroup-manager', 'cgroupfs'],
    ...['--events-backend', 'file', '--runtime', find('runc') ?? 'runc'],
  ];
  const log: string[] = [];
  const launch = (): ChildProcess => {
    // A socket that a killed one left behind is in the way.
    rmSync(socket, { force: true });
    const child = spawn(program, [...common, 'system', 'service', '--time', '0', `unix://${socket}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.on('data', (chunk: Buffer) => {
      log.push(chunk.toString('utf8'));
      log.splice(0, log.length - 20);
    });
    return child;
  };
  const run = (...args: string[]) => {
    const { status, stderr } = spawnSync(program, [...common, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`podman ${args[0]}: ${stderr.slice(-400)}`);
  };
  let service = launch();
  const docker = new Docker({ socketPath: socket });
  const end = async () => {
    await ended(service);
    spawnSync(program, [...common, 'rm', '--all', '--force', '--time', '0']);
    // Behind each container one more process tidies up, and would make the folder anew.
    while (spawnSync(find('pgrep') ?? 'pgrep', ['-f', folder]).status === 0) await sleep(100);
    removeMounted(folder);
  };
  try {
    await up(docker, service);
    const files = path.join(folder, 'files');
    mkdirSync(files);
    copyFileSync(busybox() ?? '', path.join(files, 'busybox'));
    const archive = path.join(folder, 'image.tar');
    spawnSync('tar', ['-c', '-f', archive, '-C', files, '.']);
    run('import', '--quiet', archive, 'muster/busybox:1');
  } catch (error) {
    await end();
    throw new Error(`podman did not come up: ${String(error)}; ${log.join('').slice(-600)}`, { cause: error });
  }
  return {
    socket,
    docker,
    kill: () => ended(service, 'SIGKILL'),
    async restart() {
      service = launch();
      await up(docker, service);
    },
    stop: end,
  };
}
