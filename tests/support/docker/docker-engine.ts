import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';

const BUSYBOX = ['/usr/bin/busybox', '/bin/busybox'];

/** Why no engine of our own can be started on this machine, or null. */
export function whyNoEngine(): string | null {
  if (process.platform !== 'linux') return 'dockerd runs on Linux';
  if (process.getuid?.() !== 0) return 'dockerd needs root';
  if (!find('dockerd')) return 'dockerd is not installed (Debian: apt-get install docker.io)';
  if (!busybox()) return 'no static busybox to run in containers (Debian: apt-get install busybox-static)';
  return null;
}

/** Programs of the administrator are not on everyone's path. */
const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
export const find = (name: string): string | undefined =>
  FOLDERS.map((folder) => path.join(folder, name)).find((file) => path.isAbsolute(file) && existsSync(file));

export function busybox(): string | undefined {
  return BUSYBOX.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      // A dynamic one names its loader, which an empty image has not.
      return !readFileSync(file).subarray(0, 4096).includes('ld-linux') && !readFileSync(file).includes('/ld-musl');
    } catch {
      return false;
    }
  });
}

export interface Engine {
  readonly socket: string;
  /** As an operator would drive it; the adapter under test has its own client. */
  readonly docker: Docker;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Begins it again on what it had; resolves when it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A Docker Engine with data, sockets and containers of its own, without a network.
 * @throws with the end of the engine's log where it does not come up
 */
export async function startEngine(): Promise<Engine> {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-dockerd-'));
  const socket = path.join(folder, 'd.sock');
  const log: string[] = [];
  // Ends with us, however we end.
  const program = find('dockerd') ?? 'dockerd';
  const setpriv = find('setpriv');
  const [command, prefix] = setpriv ? [setpriv, ['--pdeathsig', 'TERM', program]] : [program, []];
  const launch = (): ChildProcess => {
    const child = spawn(
      command,
      [
        ...prefix,
        ...['--data-root', path.join(folder, 'data'), '--exec-root', path.join(folder, 'exec')],
        ...['--pidfile', path.join(folder, 'd.pid'), '--host', `unix://${socket}`],
        ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--storage-driver=vfs', '--log-level=warn'],
      ],
      // It looks for containerd and runc itself.
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: FOLDERS.join(':') } },
    );
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        log.push(chunk.toString('utf8'));
        log.splice(0, log.length - 20);
      });
    return child;
  };
  let daemon = launch();
  const end = async () => {
    await ended(daemon);
    removeMounted(folder);
  };
  const docker = new Docker({ socketPath: socket });
  try {
    await up(docker, daemon);
    await docker.importImage(tarOf(busybox() ?? ''), { repo: 'muster/busybox', tag: '1' });
    await docker.importImage(tarOf(import.meta.filename), { repo: 'muster/empty', tag: '1' });
  } catch (error) {
    await end();
    throw new Error(`dockerd did not come up: ${String(error)}; ${log.join('').slice(-600)}`, { cause: error });
  }
  const stop = async () => {
    // Those that never ran hold nothing but their folder.
    for (const { Id } of await docker.listContainers()) await docker.getContainer(Id).remove({ force: true });
    await end();
  };
  const kill = () => ended(daemon, 'SIGKILL');
  const restart = async () => {
    // Its containerd died with it; where nobody reaps orphans, its number still seems to be in use.
    rmSync(path.join(folder, 'exec', 'containerd', 'containerd.pid'), { force: true });
    daemon = launch();
    await up(docker, daemon).catch((error: unknown) => {
      throw new Error(`dockerd did not come up again: ${String(error)}; ${log.join('').slice(-600)}`, { cause: error });
    });
  };
  return { socket, docker, kill, restart, stop };
}

/** Removes a folder with what an engine that was killed has left mounted in it. */
export function removeMounted(folder: string): void {
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of mounted.reverse()) spawnSync(find('umount') ?? 'umount', ['--lazy', point]);
  // What ends its containers may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** An image of one file, from nothing. */
const tarOf = (file: string): NodeJS.ReadableStream =>
  spawn('tar', ['-c', '-C', path.dirname(file), path.basename(file)], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout;

/** Resolves when an engine answers. @throws where its process ends before, or after 40 s */
export async function up(docker: Docker, daemon: ChildProcess): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    daemon.once('error', reject);
    daemon.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? code}`)));
  });
  failed.catch(() => {});
  const answers = async () => {
    for (;;) {
      if (
        await docker.ping().then(
          () => true,
          () => false,
        )
      )
        return;
      // Real time: this is a process, and nobody tells when it listens.
      await sleep(100);
    }
  };
  const late = sleep(40_000, undefined, { ref: false }).then(() => {
    throw new Error('it gave no answer for 40 s');
  });
  await Promise.race([answers(), failed, late]);
}

export async function ended(daemon: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null || daemon.pid === undefined) return;
  const gone = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  daemon.kill(signal);
  const hard = setTimeout(() => daemon.kill('SIGKILL'), 20_000);
  await gone;
  clearTimeout(hard);
}
