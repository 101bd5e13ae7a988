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
  /** Driver and path: tells two connections to one machine apart where it has no uuid. */
  local: string;
  /** The server's certificate or host key is not verified, as the operator wished. */
  insecure: boolean;
}

const TRANSPORTS = new Set(['', 'unix', 'ssh', 'libssh', 'libssh2', 'tls', 'tcp']);
const HOST = /^([A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._@\\-]*$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const FILE = /^\/[A-Za-z0-9._/@:+,-]+$/;
const FLAG = /^[01]$/;

/**
 * The parameters that a URI may have. Left out on purpose: `command` and `netcat` run programs, `name` leads to another driver than
 * the scheme says, `auto_answer` answers questions of a vCenter, `authfile` has a key of its own.
 * @see https://libvirt.org/uri.html#remote-uri-parameters, https://libvirt.org/drvesx.html#uri-format
 */
const PARAMETERS: Readonly<Record<string, RegExp>> = {
  keyfile: FILE,
  known_hosts: FILE,
  known_hosts_verify: /^(normal|auto|ignore)$/,
  sshauth: /^(agent|privkey)(,(agent|privkey))?$/,
  socket: FILE,
  mode: /^(auto|legacy|direct)$/,
  proxy: /^(auto|native|netcat)$/,
  no_tty: FLAG,
  no_verify: FLAG,
  no_sanity: FLAG,
  pkipath: FILE,
  tls_priority: /^[A-Z0-9:+!%.@_-]+$/i,
  transport: /^https$/,
  vcenter: /^(\*|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)$/,
};

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
  const seen = new Set<string>();
  for (const [name, value] of url.searchParams) {
    const rule = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
    if (!rule) return `expected none but the parameters ${Object.keys(PARAMETERS).join(', ')}`;
    if (!rule.test(value)) return `expected another value of the parameter ${name}`;
    if (seen.has(name)) return `expected the parameter ${name} once`;
    seen.add(name);
  }
  const { searchParams } = url;
  return {
    // ssh must never ask: without this it looks for a terminal.
    text: transport === 'ssh' && !seen.has('no_tty') ? `${text}${url.search ? '&' : '?'}no_tty=1` : text,
    driver,
    place: `${url.protocol}//${url.host}${url.pathname}`,
    local: `${driver}:${url.pathname}`,
    insecure: searchParams.get('no_verify') === '1' || searchParams.get('known_hosts_verify') === 'ignore',
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '-';
  }
}
