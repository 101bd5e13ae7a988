import { describe, expect, it } from 'vitest';
import { isAlive, parseGuestProperties, parseHostInfo, parseList, parseMachine, withoutWarnings } from './output.ts';

const A = '3ac872fc-55f9-4df4-abf1-291ed4914fac';
const B = '1c5fc79e-92c8-44de-935c-e7178deedb5a';

/** As VirtualBox 7.2 on Debian prints it, and as Oracle's own packages do. */
const WARNINGS = [
  'WARNING: The character device /dev/vboxdrv does not exist.\n\t Please install the virtualbox-dkms package and the appropriate\n\t headers, most likely linux-headers-amd64.\n\n\t You will not be able to start VMs until this problem is fixed.\n',
  'WARNING: The vboxdrv kernel module is not loaded. Either there is no module\n         available for the current kernel (6.1.0) or it failed to\n         load. Please recompile the kernel module and install it by\n\n           sudo /sbin/vboxconfig\n\n         You will not be able to start VMs until this problem is fixed.\n',
];

describe('a listing', () => {
  it.each(['', ...WARNINGS])('is read behind what a script printed before it', (warning) => {
    expect(parseList(`${warning}"web" {${A}}\n"db" {${B}}\n`)).toEqual([
      { uuid: A, name: 'web' },
      { uuid: B, name: 'db' },
    ]);
    expect(parseList(warning)).toEqual([]);
  });

  it('takes names as they are: with quotes, colours, line breaks, and words of its own', () => {
    const names = ['q"uote\\back', 'e\u001b[31mred', 'new\nline', '<inaccessible>', `UUID: ${B}`, 'WARNING: x', ''];
    const text = names.map((name) => `"${name}" {${A}}\n`).join('');
    expect(parseList(text)?.map(({ name }) => name)).toEqual(names);
  });

  it('names a VM too many where a name looks like the end of one, and none too few', () => {
    expect(parseList(`"x" {${B}}\n"y" {${A}}\n`)?.map(({ uuid }) => uuid)).toEqual([B, A]);
    expect(parseList(`"x" {${B}}" {${A}}\n`)).toEqual([{ uuid: A, name: `x" {${B}}` }]);
  });

  it.each([
    ['is cut in a line', `"web" {${A}}\n"db" {1c5f`],
    ['is cut before the end of a line', `"web" {${A}}`],
    // What VBoxManage 7.2 prints where its locale has no such letter: it stops there and ends with 0.
    ['ends at a letter that the locale does not have', `"web" {${A}}\n"e`],
    ['has another line', `"web" {${A}}\nVBoxManage: warning\n`],
    ['has another line first', `hello\n"web" {${A}}\n`],
    ['is a web page', '<html><body>log in</body></html>'],
    ['has a UUID in upper case letters that no VirtualBox prints', `"web" {${A.toUpperCase()}}\n`],
  ])('is none where it %s', (_, text) => expect(parseList(text)).toBeNull());
});

it('is VirtualBox that answers where it tells the version of its API', () => {
  expect(isAlive(`${WARNINGS[0]}API version:                     7_2\nMinimum guest RAM size: 4\n`)).toBe(true);
  expect(isAlive('')).toBe(false);
  expect(isAlive(WARNINGS[0] ?? '')).toBe(false);
});

describe('showvminfo', () => {
  it('reads texts with escaped quotes and with line breaks that look like another key', () => {
    const said = parseMachine(
      'name="q\\"uote\\\\back"\nmemory=1024\n rec_screen0\nVideoMode="720,400,0"@0,0 1\nvrde="off"\n"SATA-0-0"="/a b.vdi"\ndescription="line1\n\nUUID=\\"x\\"\nVMState=\\"running\\"\nd"\nGuestMemoryBalloon=0\n',
    );
    expect(Object.fromEntries(said ?? [])).toEqual({
      name: 'q"uote\\back',
      memory: '1024',
      VideoMode: '720,400,0',
      vrde: 'off',
      'SATA-0-0': '/a b.vdi',
      description: 'line1\n\nUUID="x"\nVMState="running"\nd',
      GuestMemoryBalloon: '0',
    });
  });

  it('takes the first of a key: of snapshots nothing is escaped', () => {
    const said = parseMachine(
      'VMState="poweroff"\nSnapshotName="sn"ap"\nSnapshotDescription="a"\nVMState="running"\nx"\nGuestMemoryBalloon=0\n',
    );
    expect(said?.get('VMState')).toBe('poweroff');
    expect(said?.get('SnapshotName')).toBe('sn"ap');
  });

  it('is none where a text has no end', () => expect(parseMachine('name="web"\ndescription="cut')).toBeNull());

  it('reads a long text of quotes once, from its beginning to its end', () =>
    expect(parseMachine(`name="${'\\"\n'.repeat(1_000_000)}`)).toBeNull());
});

describe('properties of a guest', () => {
  const expected = [{ address: '192.168.1.7', mac: '080027298026' }];
  it.each([
    [
      'since 7.1',
      "/VirtualBox/GuestInfo/Net/0/MAC   = '080027298026' @ 2026-11-30T17:08:27.303Z\n/VirtualBox/GuestInfo/Net/0/V4/IP = '192.168.1.7' @ 2026-11-30T17:08:27.303Z TRANSIENT, TRANSRESET\n",
    ],
    [
      'up to 7.0',
      'Name: /VirtualBox/GuestInfo/Net/0/MAC, value: 080027298026, timestamp: 1796058507303742000, flags: \nName: /VirtualBox/GuestInfo/Net/0/V4/IP, value: 192.168.1.7, timestamp: 1796058507303742000, flags: TRANSIENT\n',
    ],
  ])('tell addresses, %s', (_, text) => {
    for (const warning of ['', ...WARNINGS]) expect(parseGuestProperties(warning + text)).toEqual(expected);
  });

  it('tell none of a card that is down, and none where there are none', () => {
    const down =
      "/VirtualBox/GuestInfo/Net/0/Status = 'Down' @ x\n/VirtualBox/GuestInfo/Net/0/V4/IP = '192.168.1.7' @ x\n";
    expect(parseGuestProperties(down)).toEqual([]);
    expect(parseGuestProperties('No properties found.\n')).toEqual([]);
    expect(parseGuestProperties('')).toEqual([]);
  });

  it.each(['<html>', '{}', 'no luck'])('are none in %s', (text) => expect(parseGuestProperties(text)).toBeNull());
});

describe('the host', () => {
  const text = 'Host Information:\n\nProcessor online count: 8\nMemory size: 24105 MByte\nOperating system: Linux\n';
  it('tells cores and memory; 0 cores, as without the module of the kernel, are not known', () => {
    expect(parseHostInfo(WARNINGS[0] + text)).toMatchObject({ cpus: 8, memory: 24105, os: 'Linux' });
    expect(parseHostInfo(text.replace('8', '0'))).toMatchObject({ cpus: null });
  });

  it('tells nothing in another language', () =>
    expect(parseHostInfo('Host-Informationen:\n\nSpeichergröße: 24105 MByte\n')).toBeNull());
});

it('leaves the data alone where no warning stands before it', () => {
  expect(withoutWarnings('\nx\n')).toBe('\nx\n');
  expect(withoutWarnings('"a" {b}\r\n')).toBe('"a" {b}\n');
});
