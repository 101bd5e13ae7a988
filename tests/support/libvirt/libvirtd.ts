import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = path.resolve(import.meta.dirname, '../../../../shared/engines/libvirtd.sh');
/** One of them at a time on a machine: the daemons share the names of their guests and the settings below /etc/libvirt. */
const LOCK = path.join(tmpdir(), 'muster-libvirtd.lock');
const FLOCK = '/usr/bin/flock';
const LOCK_SECONDS = 300;
const START_MS = 180_000;

const NEEDED = [
  ['/usr/sbin/libvirtd', 'libvirt-daemon'],
  ['/usr/bin/virsh', 'libvirt-clients'],
  ['/usr/bin/qemu-system-x86_64', 'qemu-system-x86'],
  ['/usr/lib/libvirt/libvirt_lxc', 'libvirt-daemon-driver-lxc'],
  ['/bin/busybox', 'busybox-static'],
  [FLOCK, 'util-linux'],
] as const;

/** Why no libvirtd of our own can be started on this machine, or null. */
export function whyNoLibvirtd(): string | null {
  if (process.platform !== 'linux') return 'libvirtd runs on Linux';
  if (process.getuid?.() !== 0) return 'libvirtd of the system needs root';
  if (!existsSync(SCRIPT)) return 'there is no ../shared/engines/libvirtd.sh';
  const missing = NEEDED.flatMap(([file, name]) => (existsSync(file) ? [] : [name]));
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : null;
}

/** A libvirtd with four QEMU guests (tiny-1 and tiny-2 run, tiny-3 is paused, tiny-4 shut off) and two of LXC (ct-1, ct-2 run). */
export interface Libvirtd {
  /** URIs of its two drivers, and of its socket as any other connection takes it. */
  readonly qemu: string;
  readonly lxc: string;
  readonly socket: string;
  /** As an operator would drive it; resolves with what virsh prints. */
  virsh(uri: string, ...command: string[]): Promise<string>;
  /** The file that a guest was defined from. */
  xml(name: string): string;
  /** SIGKILL: its guests live on. */
  kill(): Promise<void>;
  /** The daemon again, with the guests that are. */
  again(): Promise<void>;
  /** Ends guests and daemon and leaves nothing behind. */
  stop(): Promise<void>;
}

/** @throws where another run holds the lock for too long, or with the end of the log where the daemon does not come up */
export async function startLibvirtd(): Promise<Libvirtd> {
  const lock = await holdLock();
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-libvirtd-'));
  const socket = path.join(folder, 'run', 'libvirt-sock');
  const [qemu, lxc] = ['qemu', 'lxc'].map((driver) => `${driver}:///system?socket=${socket}`);
  if (!qemu || !lxc) throw new Error('two drivers');
  const start = (keep: boolean) =>
    run('bash', [SCRIPT, folder], { timeout: START_MS, env: { ...process.env, KEEP: keep ? '1' : '0' } });
  const pid = () => Number(readFileSync(path.join(folder, 'libvirtd.pid'), 'utf8'));
  const virsh = async (uri: string, ...command: string[]) =>
    (await run('virsh', ['-q', '-c', uri, ...command], { timeout: 60_000 })).stdout;
  const end = async (signal: NodeJS.Signals) => {
    const id = pid();
    process.kill(id, signal);
    while (isAlive(id)) await sleep(50);
  };
  const release = () => {
    rmSync(folder, { recursive: true, force: true });
    lock.stdin?.end();
  };
  try {
    await start(false);
  } catch (error) {
    release();
    throw error;
  }
  const again = async () => void (await start(true));
  return {
    qemu,
    lxc,
    socket,
    virsh,
    xml: (name) => path.join(folder, name.replace('tiny-', 'q').replace('ct-', 'l').concat('.xml')),
    kill: () => end('SIGKILL'),
    again,
    async stop() {
      if (!isAlive(pid())) await again();
      for (const uri of [qemu, lxc]) {
        const names = async (...which: string[]) =>
          (await virsh(uri, 'list', '--name', ...which)).split('\n').filter((name) => name !== '');
        for (const name of await names()) await virsh(uri, 'destroy', name);
        for (const name of await names('--all')) await virsh(uri, 'undefine', name);
      }
      await end('SIGTERM');
      release();
    },
  };
}

/** A child that holds the lock until its input ends, however we end. */
async function holdLock(): Promise<ChildProcess> {
  const child = spawn(FLOCK, ['-w', String(LOCK_SECONDS), LOCK, 'sh', '-c', 'echo held; cat > /dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`another run holds ${LOCK} for more than ${LOCK_SECONDS} s`)));
  });
  return child;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Dead, and not yet collected by the machine's first process.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
