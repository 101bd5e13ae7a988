import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { calm, openLibvirt, program, scopesOf, scratch } from '#tests/support/libvirt/libvirt.ts';

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

const open = (virsh: string, more: object = {}) => openLibvirt({ uri: 'qemu:///system', virsh, ...more });

it('names the package where there is no virsh', async () => {
  const connection = await open(path.join(scratch(), 'virsh'));
  expect(await failure(scopesOf(connection))).toMatchObject({
    kind: 'config',
    message: expect.stringContaining('apt-get install libvirt-clients'),
  });
});

it('says so where virsh may not be run', async () => {
  const file = path.join(scratch(), 'virsh');
  writeFileSync(file, '', { mode: 0o644 });
  expect(await failure(scopesOf(await open(file)))).toMatchObject({ kind: 'config' });
});

it('fault 11: ends a wedged virsh at its deadline, with the ssh that it waits for', async () => {
  const folder = scratch();
  const pids = path.join(folder, 'pids');
  // Deaf to polite requests, and what it started holds the pipes open.
  const file = program(folder, `trap '' TERM INT HUP\necho $$ >> '${pids}'\nsleep 600 &\necho $! >> '${pids}'\nwait`);
  const connection = await open(file, { timeout: 0.3 });
  expect(await failure(scopesOf(connection))).toMatchObject({ kind: 'timeout' });
  const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  // Three attempts, two processes each.
  expect(started.length).toBe(6);
  await expect.poll(() => started.filter(isAlive)).toEqual([]);
});

it('fault 11: ends a virsh that dribbles for ever', async () => {
  const file = program(scratch(), 'while :; do echo x; sleep 0.05; done');
  expect(await failure(scopesOf(await open(file, { timeout: 0.1 })))).toMatchObject({ kind: 'timeout' });
});

it('fault 15: ends a virsh whose answer has no end', async () => {
  const file = program(scratch(), 'exec yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
  expect(await failure(scopesOf(await open(file)))).toMatchObject({ kind: 'bad-reply' });
});

it('fault 31: ends virsh when it is told to stop, and when the source is closed', async () => {
  const folder = scratch();
  const pids = path.join(folder, 'pids');
  const file = program(folder, `echo $$ >> '${pids}'\nexec sleep 600`);
  const connection = await open(file);
  const stop = new AbortController();
  const stopped = failure(connection.scopes({ signal: stop.signal })[Symbol.asyncIterator]().next());
  await expect.poll(() => existsSync(pids) && readFileSync(pids, 'utf8').includes('\n')).toBe(true);
  stop.abort(new Error('stopped'));
  expect(await stopped).toMatchObject({ message: 'stopped' });
  const closed = failure(scopesOf(connection));
  await expect.poll(() => readFileSync(pids, 'utf8').trim().split('\n').length).toBe(2);
  await connection.close();
  expect(await closed).toMatchObject({ kind: 'network' });
  const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  await expect.poll(() => started.filter(isAlive)).toEqual([]);
});

it('has no terminal and no words to give to a virsh that asks for a password', async () => {
  const folder = scratch();
  const answer = path.join(folder, 'answer');
  const file = program(
    folder,
    `printf "Enter root's password for 10.0.0.1: "\ncat > '${answer}'\n[ -t 0 ] && echo tty >> '${answer}'\n` +
      `(: < /dev/tty) 2> /dev/null && echo tty >> '${answer}'\n` +
      `echo "error: failed to connect to the hypervisor" >&2\n` +
      `echo "error: internal error: Cannot complete login due to an incorrect user name or password." >&2\nexit 1`,
  );
  expect(await failure(scopesOf(await open(file)))).toMatchObject({ kind: 'auth' });
  expect(readFileSync(answer, 'utf8')).toBe('');
});

it('hands virsh a handful of variables, its authFile among them', async () => {
  const folder = scratch();
  const seen = path.join(folder, 'seen');
  const authFile = path.join(folder, 'auth.conf');
  writeFileSync(authFile, '');
  const file = program(folder, `env > '${seen}'; for a in "$@"; do echo "arg=$a" >> '${seen}'; done; exit 1`);
  process.env.MUSTER_TEST_SECRET = 'canary-secret';
  try {
    await failure(scopesOf(await open(file, { authFile })));
  } finally {
    delete process.env.MUSTER_TEST_SECRET;
  }
  const lines = readFileSync(seen, 'utf8').trim().split('\n');
  const names = lines.filter((line) => !line.startsWith('arg=')).map((line) => line.split('=')[0]);
  const known = [
    'PATH',
    'HOME',
    'XDG_RUNTIME_DIR',
    'LC_ALL',
    'VIRSH_HISTSIZE',
    'LIBVIRT_AUTH_FILE',
    'PWD',
    '_',
    'SHLVL',
    'OLDPWD',
  ];
  expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([]);
  expect(lines).toContain('LC_ALL=C');
  expect(lines).toContain(`LIBVIRT_AUTH_FILE=${authFile}`);
  expect(lines.filter((line) => line.startsWith('arg=')).slice(0, 3)).toEqual([
    'arg=-r',
    'arg=-c',
    'arg=qemu:///system',
  ]);
});

it('refuses an authFile that it cannot read, before anything is started', async () => {
  const folder = scratch();
  const error = await failure(open(path.join(folder, 'virsh'), { authFile: path.join(folder, 'none') }));
  expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('authFile') });
});

it('fault 81: keeps users and passwords out of what it tells', async () => {
  const file = program(
    scratch(),
    `echo "error: failed to connect to the hypervisor" >&2\necho "error: unable to connect to server at 'esx://root:canary-secret@10.0.0.1/': token=canary-secret" >&2\nexit 1`,
  );
  const error = await failure(scopesOf(await open(file)));
  expect(error).toMatchObject({ kind: 'network' });
  expect(String(error)).not.toContain('canary-secret');
});

it('asks once more without -r where the driver knows no read-only connection; in vain, the first answer counts', async () => {
  const folder = scratch();
  const log = path.join(folder, 'log');
  const file = program(
    folder,
    `echo "$1" >> '${log}'\nif [ "$1" = -r ]; then echo "error: failed to connect to the hypervisor" >&2\n` +
      `echo "error: unsupported flags (0x1) in function esxConnectOpen" >&2; exit 1; fi\n` +
      `echo "error: failed to connect to the hypervisor" >&2; echo "error: access denied" >&2; exit 1`,
  );
  const connection = await open(file);
  expect(await failure(scopesOf(connection))).toMatchObject({ kind: 'unsupported' });
  expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(['-r', '-c']);
  const all = [];
  for await (const permission of connection.permissions(calm())) all.push(permission);
  expect(all.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Dead, and not yet collected by the machine's first process.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
