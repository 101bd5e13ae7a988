import { execFile, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { find } from '../docker/docker-engine.ts';

const run = promisify(execFile);
const SCRIPT = path.resolve(import.meta.dirname, '../../../../shared/engines/virtualbox.sh');
/** Where the script puts a VirtualBox (some 700 MB), which later runs find there. */
const ENGINE = path.join(tmpdir(), 'muster-virtualbox');
/** Debian's packages take under a minute, or minutes where the machine is busy. */
export const VIRTUALBOX_START_MS = 900_000;

/** Why no VirtualBox of a test's own can be had on this machine, or null. */
export function whyNoVirtualBox(): string | null {
  if (process.platform !== 'linux') return 'only on Linux is it told apart by folder and socket';
  if (find('VBoxManage')) return null;
  if (process.getuid?.() !== 0) return 'VBoxManage is not installed, and to install one aside needs root';
  if (!existsSync(SCRIPT)) return 'VBoxManage is not installed, and there is no ../shared/engines/virtualbox.sh';
  if (!existsSync('/usr/sbin/debootstrap')) return 'debootstrap is not installed (Debian: apt-get install debootstrap)';
  return null;
}

/** A real VirtualBox with no VMs but a test's, and a VBoxSVC of its own. Nothing can be started where the kernel's module is missing. */
export interface RealVirtualBox {
  /** For `vboxManage` of a source. */
  readonly program: string;
  /** Of its VMs and its settings. */
  readonly folder: string;
  /** Runs VBoxManage, as an operator would. @returns what it prints @throws with what it says of an error */
  vbox(...args: string[]): string;
  /** Makes a VM. @returns its UUID */
  create(name: string, ...more: string[]): string;
  /** What `program` was asked, in order: `list vms`, `showvminfo <uuid> --machinereadable`. */
  asked(): string[];
  /** CPU of VBoxSVC so far, ms; 0 where none runs. */
  serverCpu(): number;
  /** To its VBoxSVC, where one runs; resolves when one that is killed is gone. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Removes its VMs and all else. */
  stop(): Promise<void>;
}

export async function startVirtualBox(): Promise<RealVirtualBox> {
  const root = find('VBoxManage') ? null : await engineRoot();
  const real = mkdtempSync(path.join(root ?? '', tmpdir(), 'muster-vbox-'));
  const id = path.basename(real);
  // The same path leads to it from both sides.
  const folder = path.join(tmpdir(), id);
  if (root !== null) symlinkSync(real, folder);
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const log = path.join(folder, 'asked');
  writeFileSync(log, '');
  const program = path.join(folder, 'VBoxManage');
  const call = root === null ? `'${find('VBoxManage')}'` : `chroot '${root}' /usr/bin/VBoxManage`;
  // A VBoxSVC is found by its socket, which is named after the user or by VBOX_IPC_SOCKETID; the folder alone would be answered by anybody's.
  const wrapper = (more: string) =>
    `#!/bin/sh\n${more}export VBOX_USER_HOME='${home}' VBOX_IPC_SOCKETID='${id}'\nexec ${call} "$@"\n`;
  writeFileSync(program, wrapper(`echo "$*" >> '${log}'\n`), { mode: 0o755 });
  const own = path.join(folder, 'VBoxManage-of-the-test');
  writeFileSync(own, wrapper(''), { mode: 0o755 });

  const vbox = (...args: string[]): string => {
    for (let tries = 1; ; tries++) {
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      const { status, stdout, stderr } = spawnSync(own, args, { encoding: 'utf8', env });
      if (status === 0) return stdout;
      // A VBoxSVC that nobody needed for five seconds is just about to end.
      const isLeaving = stderr.includes('The object is not ready') || stderr.includes('0x800706be');
      if (!isLeaving || tries === 3) throw new Error(`VBoxManage ${args.join(' ')}: ${stderr.slice(-400)}`);
    }
  };
  const servers = (): number[] =>
    readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && isServer(pid, id));
  const signal: RealVirtualBox['signal'] = async (name) => {
    for (const pid of servers()) {
      process.kill(pid, name);
      while (name === 'SIGKILL' && isServer(pid, id)) await sleep(20);
    }
  };
  return {
    program,
    folder,
    vbox,
    create(name, ...more) {
      const where = ['--ostype', 'Debian_64', '--register', '--basefolder', path.join(folder, 'vms')];
      const said = vbox('createvm', '--name', name, ...where, ...more);
      const uuid = /^UUID: ([0-9a-f-]{36})$/m.exec(said.slice(said.lastIndexOf('is created')))?.[1];
      if (!uuid) throw new Error(`createvm said: ${said}`);
      return uuid;
    },
    asked: () => readFileSync(log, 'utf8').split('\n').slice(0, -1),
    serverCpu: () => servers().reduce((sum, pid) => sum + cpuOf(pid), 0),
    signal,
    async stop() {
      await signal('SIGKILL');
      rmSync(real, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A tree of Debian with a VirtualBox in it. One run at a time makes it. */
async function engineRoot(): Promise<string> {
  await run('flock', ['-w', String(VIRTUALBOX_START_MS / 1000), `${ENGINE}.lock`, 'bash', SCRIPT, ENGINE], {
    timeout: VIRTUALBOX_START_MS,
  });
  return path.join(ENGINE, 'root');
}

function isServer(pid: number, id: string): boolean {
  try {
    // Of one that is dead and not yet collected it is empty.
    return (
      readFileSync(`/proc/${pid}/comm`, 'utf8') === 'VBoxSVC\n' &&
      readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`VBOX_IPC_SOCKETID=${id}`)
    );
  } catch {
    return false;
  }
}

/** User and system time, in ticks of 10 ms, stand 12 and 13 places behind the name. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
