import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = path.resolve(import.meta.dirname, '../../../../shared/engines/virtualbox.sh');
/** Kept: it is some 700 MB, and takes minutes the first time. */
const FOLDER = path.join(tmpdir(), 'muster-virtualbox');
const START_MS = 900_000;

/** Why no VirtualBox of our own can be had on this machine, or null. */
export function whyNoVirtualBox(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'VirtualBox of Debian runs on Linux, on x86-64';
  if (process.getuid?.() !== 0) return 'its folder is made with chroot, which needs root';
  if (!existsSync(SCRIPT)) return 'there is no ../shared/engines/virtualbox.sh';
  return existsSync('/usr/sbin/debootstrap') ? null : 'not installed: debootstrap';
}

/** A real VirtualBox 7.2 of one user, without VMs. Its VMs cannot be started: there is no module of the kernel. */
export interface VirtualBoxEngine {
  /** What a source has for `vboxManage`. */
  readonly program: string;
  /** As its user would drive it; resolves with what it prints. */
  manage(...args: string[]): Promise<string>;
  /** Makes and registers a VM. @returns its UUID */
  create(name: string, ...options: string[]): Promise<string>;
  /** Where the folders of its VMs are. */
  readonly machines: string;
  /** SIGKILL for its VBoxSVC; the next VBoxManage starts another. */
  kill(): void;
  /** Ends it and leaves nothing but the installation. */
  stop(): void;
}

export async function startVirtualBox(): Promise<VirtualBoxEngine> {
  await run('bash', [SCRIPT, FOLDER], { timeout: START_MS });
  const root = path.join(FOLDER, 'root');
  const home = mkdtempSync(path.join(root, 'tmp', 'muster-'));
  const user = path.basename(home).toLowerCase();
  const inside = path.join('/tmp', path.basename(home));
  mkdirSync(home, { recursive: true });
  const program = path.join(home, 'VBoxManage');
  writeFileSync(
    program,
    `#!/bin/sh\nexec chroot '${root}' env -i HOME='${inside}' VBOX_USER_HOME='${inside}/settings' USER=${user} LOGNAME=${user} LC_ALL="$LC_ALL" PATH=/usr/sbin:/usr/bin:/sbin:/bin VBoxManage "$@"\n`,
    { mode: 0o755 },
  );
  const manage = async (...args: string[]) =>
    (await run(program, args, { timeout: 120_000, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } as never }))
      .stdout;
  const kill = () => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      if (isServerOf(Number(pid), user)) process.kill(Number(pid), 'SIGKILL');
  };
  // It takes root's folder from the list of users, whatever HOME says.
  await manage('setproperty', 'machinefolder', `${inside}/VirtualBox VMs`);
  return {
    program,
    manage,
    async create(name, ...options) {
      const said = await manage('createvm', '--name', name, '--ostype', 'Debian_64', '--register', ...options);
      const uuid = /^UUID: (\S+)$/m.exec(said)?.[1];
      if (uuid === undefined) throw new Error(`expected a UUID of the new VM, got ${said}`);
      return uuid;
    },
    machines: path.join(home, 'VirtualBox VMs'),
    kill,
    stop() {
      kill();
      rmSync(home, { recursive: true, force: true });
      rmSync(path.join(root, 'tmp', `.vbox-${user}-ipc`), { recursive: true, force: true });
    },
  };
}

function isServerOf(pid: number, user: string): boolean {
  try {
    const isServer = readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'VBoxSVC';
    return isServer && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`LOGNAME=${user}`);
  } catch {
    return false;
  }
}
