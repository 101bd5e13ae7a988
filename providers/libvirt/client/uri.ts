/** Drivers of libvirt that Muster lists, by the scheme of their URIs; `container` where their domains are containers. */
export const DRIVERS: Readonly<Record<string, 'vm' | 'container'>> = {
  qemu: 'vm',
  lxc: 'container',
  vbox: 'vm',
  vmwareplayer: 'vm',
  vmwarews: 'vm',
  vmwarefusion: 'vm',
  esx: 'vm',
  gsx: 'vm',
  vpx: 'vm',
  xen: 'vm',
  bhyve: 'vm',
  ch: 'vm',
  hyperv: 'vm',
  openvz: 'container',
  vz: 'vm',
  test: 'vm',
};

/** A connection URI that passed the rules. */
export interface ConnectionUri {
  /** What virsh is given. */
  text: string;
  driver: string;
  /** Without user and parameters: for errors and labels. */
  place: string;
  /** Driver and path, of a session also whose it is: tells two connections to one machine apart where it has no uuid. */
  local: string;
  /** The same for a machine whose uuid is known: what shows the same domains there has one name. */
  view: string;
  /** Something may ask for credentials. */
  signsIn: boolean;
  /** Leads to the machine that virsh runs on. */
  here: boolean;
  /** The server's certificate or host key is not verified, as the operator wished. */
  insecure: boolean;
}

const TRANSPORTS = new Set(['', 'unix', 'ssh', 'libssh', 'libssh2', 'tls', 'tcp']);
const HOST = /^([A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._@\\-]*$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const FILE = /^\/[A-Za-z0-9._/@:+,-]+$/;
const FLAG = /^[01]$/;

/** Drivers that virsh carries in itself; the others answer in a daemon that it connects to. */
const IN_PROCESS = new Set([
  'test',
  'vmwareplayer',
  'vmwarews',
  'vmwarefusion',
  'openvz',
  'esx',
  'gsx',
  'vpx',
  'hyperv',
]);
const SSH = ['ssh', 'libssh', 'libssh2'];
const LIBSSH = ['libssh', 'libssh2'];
const ESX = ['esx', 'gsx', 'vpx'];

interface Parameter {
  value: RegExp;
  /** Transports, and drivers of virsh itself, that read it; the others pass over it without a word. */
  by: readonly string[];
  /** What to do where it is not read. */
  instead?: string;
}

/**
 * The parameters that a URI may have. Left out on purpose: `command` and `netcat` run programs, `name` leads to another driver than
 * the scheme says, `auto_answer` answers questions of a vCenter, `authfile` has a key of its own.
 * @see https://libvirt.org/uri.html#remote-uri-parameters, https://libvirt.org/drvesx.html#uri-format
 */
const PARAMETERS: Readonly<Record<string, Parameter>> = {
  keyfile: { value: FILE, by: SSH },
  known_hosts: {
    value: FILE,
    by: LIBSSH,
    instead: 'ssh itself reads ~/.ssh/known_hosts of the user that runs the collector',
  },
  known_hosts_verify: {
    value: /^(normal|auto|ignore)$/,
    by: LIBSSH,
    instead: 'ssh itself goes by StrictHostKeyChecking in ~/.ssh/config',
  },
  sshauth: {
    value: /^(agent|privkey)(,(agent|privkey))?$/,
    by: LIBSSH,
    instead: 'ssh itself tries keyfile and what ~/.ssh/config says',
  },
  socket: { value: FILE, by: ['unix', ...SSH] },
  mode: { value: /^(auto|legacy|direct)$/, by: ['unix', ...SSH] },
  proxy: { value: /^(auto|native|netcat)$/, by: SSH },
  no_tty: { value: FLAG, by: ['ssh'] },
  no_verify: {
    value: FLAG,
    by: ['ssh', 'tls', ...ESX],
    instead: 'known_hosts_verify is the word of +libssh and +libssh2',
  },
  no_sanity: { value: FLAG, by: ['tls'] },
  pkipath: { value: FILE, by: ['tls'] },
  tls_priority: { value: /^[A-Z0-9:+!%.@_-]+$/i, by: ['tls'] },
  transport: { value: /^https$/, by: [...ESX, 'hyperv'] },
  vcenter: { value: /^(\*|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)$/, by: ['esx'] },
};

/** What reads the parameters of a URI. https://libvirt.org/uri.html#remote-uris: with a host and no transport that is tls. */
function readerOf(driver: string, transport: string, url: URL): string {
  if (transport !== '') return transport;
  if (IN_PROCESS.has(driver)) return driver;
  return url.hostname === '' ? 'unix' : 'tls';
}

/** What is wrong with the parameters, or null. */
function parametersWrong({ searchParams }: URL, reader: string): string | null {
  const seen = new Set<string>();
  for (const [name, value] of searchParams) {
    const rule = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
    if (!rule) return `expected none but the parameters ${Object.keys(PARAMETERS).join(', ')}`;
    if (!rule.value.test(value)) return `expected another value of the parameter ${name}`;
    if (seen.has(name)) return `expected the parameter ${name} once`;
    seen.add(name);
    if (rule.by.includes(reader)) continue;
    const readers = rule.by.map((by) => (Object.hasOwn(DRIVERS, by) ? `${by}://` : `+${by}`)).join(', ');
    return `expected no parameter ${name}, which ${wordOf(reader)} does not read: write ${readers}, or leave it out${rule.instead ? ` (${rule.instead})` : ''}`;
  }
  return null;
}

const wordOf = (reader: string): string =>
  Object.hasOwn(DRIVERS, reader) ? `the driver ${reader}` : `the transport ${reader}`;

/**
 * Takes a libvirt URI apart and holds it against the rules: known driver and transport, nothing that runs a program or reads like an
 * option, no password.
 * @returns what is wrong with it where it breaks one; never quotes it
 */
export function parseUri(text: string): ConnectionUri | string {
  const url = /^[\x21-\x7e\u00a0-\u{10ffff}]+$/u.test(text) ? URL.parse(text) : null;
  const [, driver = '', , transport = ''] = /^([a-z]+)(\+([a-z0-9]+))?:\/\//.exec(text) ?? [];
  if (!url || !driver) return 'expected a URI of libvirt such as qemu:///system';
  if (!Object.hasOwn(DRIVERS, driver)) return `expected one of the drivers ${Object.keys(DRIVERS).join(', ')}`;
  if (!TRANSPORTS.has(transport)) return 'expected one of the transports ssh, libssh, libssh2, tls, tcp, unix';
  if (url.password) return 'expected no password in the URI: it goes into authFile';
  if (url.hash) return 'expected no # in the URI';
  if (url.hostname !== '' && !HOST.test(url.hostname)) return 'expected a host name or address';
  if (url.username !== '' && !USER.test(decode(url.username))) return 'expected a plain user name';
  if (transport === 'tcp' && !LOOPBACK.test(url.hostname))
    return 'expected +tls or +ssh: +tcp is not encrypted and for loopback only';
  const remote = transport.includes('ssh') || transport === 'tls';
  if (remote && url.hostname === '') return 'expected a host behind this transport';
  const reader = readerOf(driver, transport, url);
  const wrong = parametersWrong(url, reader);
  if (wrong) return wrong;
  const { searchParams } = url;
  return {
    // ssh must never ask: without this it looks for a terminal.
    text: transport === 'ssh' && !searchParams.has('no_tty') ? `${text}${url.search ? '&' : '?'}no_tty=1` : text,
    driver,
    place: `${url.protocol}//${url.host}${url.pathname}`,
    ...viewOf(driver, url, SSH.includes(reader)),
    signsIn: !['test', 'openvz'].includes(reader) && !reader.startsWith('vmware'),
    here: url.hostname === '' && (reader === 'unix' || IN_PROCESS.has(reader)),
    insecure: searchParams.get('no_verify') === '1' || searchParams.get('known_hosts_verify') === 'ignore',
  };
}

/**
 * What of a machine a connection shows. A host of ESX has its VMs once, whether it is asked itself or through its vCenter. A session is
 * that of a user: of the one that ssh signs in as, or whose socket it is.
 */
function viewOf(driver: string, url: URL, isSsh: boolean): Pick<ConnectionUri, 'local' | 'view'> {
  const { pathname, searchParams } = url;
  const socket = searchParams.get('socket');
  const user = /^\/run\/user\/(\d+)\//.exec(socket ?? '')?.[1] ?? socket ?? (isSsh ? decode(url.username) : '');
  const local = `${driver}:${pathname}${pathname === '/session' && user !== '' ? `:${user}` : ''}`;
  if (driver === 'esx' || driver === 'vpx') return { local, view: 'esx:/' };
  const isShort = (driver === 'lxc' || driver === 'xen') && (pathname === '' || pathname === '/');
  return { local, view: isShort ? `${driver}:/system` : local };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '-';
  }
}
