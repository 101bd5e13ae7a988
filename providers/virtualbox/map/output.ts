export interface Listed {
  uuid: string;
  /** As listed; a name may hold quotes and line breaks, which nothing escapes here. `showvminfo` has the true one. */
  name: string;
}

/**
 * Without the warning that the script before VBoxManage prints on standard output, where many installations lack the kernel's module:
 * `WARNING: The character device /dev/vboxdrv does not exist.` with indented and empty lines behind it.
 */
export function withoutWarnings(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  let warned = false;
  const first = lines.findIndex((line) => {
    if (line.startsWith('WARNING: ')) warned = true;
    return !warned || !(line === '' || /^(WARNING: |[ \t])/.test(line));
  });
  return first === -1 ? '' : lines.slice(first).join('\n');
}

const END = /" \{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}$/;

/**
 * `list vms` and `list runningvms`: `"name" {uuid}` a line, or a few where a name has line breaks. A name that looks like the end of a line
 * names a VM too many, which `showvminfo` does not know.
 * @returns null where something in it is not understood: then it is no listing
 */
export function parseList(text: string): Listed[] | null {
  const listed: Listed[] = [];
  let open: string | null = null;
  const lines = withoutWarnings(text).split('\n');
  // The last line has its end, too.
  if (lines.pop() !== '') return null;
  for (const line of lines) {
    if (open === null && !line.startsWith('"')) return null;
    const record: string = open === null ? line : `${open}\n${line}`;
    const uuid = END.exec(line)?.[1];
    open = uuid === undefined ? record : null;
    if (uuid !== undefined) listed.push({ uuid, name: record.slice(1).replace(END, '') });
  }
  return open === null ? listed : null;
}

/** `list systemproperties`: `API version: 7_2` is the first of them. */
export const isAlive = (text: string): boolean => /(^|\n)API version: +\d+_\d+\n/.test(withoutWarnings(text));

const KEY = /(?:"((?:[^"\\\n]|\\.)*)"|([^"=\n]+))=/y;

/**
 * `showvminfo --machinereadable`: `key="text"` or `key=number` a line, quotes and backslashes in a text escaped, line breaks not. Of snapshots
 * nothing is escaped, so that a description of one may look like any other key: they come last, and the first of a key counts.
 * @returns null where a text has no end
 */
export function parseMachine(text: string): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>();
  const input = withoutWarnings(text);
  const lineEnd = (from: number): number => {
    const at = input.indexOf('\n', from);
    return at === -1 ? input.length : at;
  };
  for (let at = 0; at < input.length; at = lineEnd(at) + 1) {
    KEY.lastIndex = at;
    const [, quoted, plain = unescaped(quoted ?? '')] = KEY.exec(input) ?? [];
    // A heading, ` rec_screen0`.
    if (plain === '') continue;
    const start = KEY.lastIndex;
    let value = input.slice(start, lineEnd(start));
    if (value.startsWith('"')) {
      const end = closing(input, start + 1);
      if (end === -1) return null;
      value = unescaped(input.slice(start + 1, end));
      at = end;
    }
    if (!found.has(plain)) found.set(plain, value);
  }
  return found;
}

/** The quote that ends a text: not escaped, and the line's end behind it, or a position (`VideoMode="720,400,0"@0,0 1`). */
function closing(input: string, from: number): number {
  for (let at = from; at < input.length; at++) {
    if (input[at] === '\\') at++;
    else if (input[at] === '"' && ['\n', '@', undefined].includes(input[at + 1])) return at;
  }
  return -1;
}

const unescaped = (text: string): string => text.replace(/\\(["\\])/g, '$1');

/** Which address of a guest is on which card, as its Guest Additions say. */
export interface GuestAddress {
  address: string;
  /** Twelve hexadecimal digits, lower case; null where it is not said. */
  mac: string | null;
}

const NEW = /^(\/\S+) *= '(.*)'(?: +@ .*)?$/;
const OLD = /^Name: (\/\S+), value: (.*), timestamp: \d+, flags: .*$/;
const NET = /^\/VirtualBox\/GuestInfo\/Net\/(\d+)\/(MAC|Status|V[46]\/IP)$/;

/**
 * `guestproperty enumerate` of VirtualBox up to 7.0 and since: what the guest says of its network, all else is passed over.
 * @returns null where it is not understood
 */
export function parseGuestProperties(text: string): GuestAddress[] | null {
  const lines = withoutWarnings(text).split('\n');
  const [first = ''] = lines;
  if (first !== '' && first !== 'No properties found.' && !NEW.test(first) && !OLD.test(first)) return null;
  const cards = new Map<string, Map<string, string>>();
  for (const line of lines) {
    const [, key = '', value = ''] = NEW.exec(line) ?? OLD.exec(line) ?? [];
    const [, card, what] = NET.exec(key) ?? [];
    if (card === undefined || what === undefined) continue;
    const facts = cards.get(card) ?? new Map<string, string>();
    cards.set(card, facts.set(what, value));
  }
  return [...cards.values()].flatMap((facts) => {
    if (facts.get('Status') === 'Down') return [];
    const mac = facts.get('MAC')?.toLowerCase() ?? null;
    return ['V4/IP', 'V6/IP'].flatMap((key) => {
      const address = facts.get(key)?.toLowerCase();
      return address ? [{ address, mac }] : [];
    });
  });
}

/** `list hostinfo`, `Memory size: 24105 MByte` a line; what is 0 is not known (without the kernel's module). */
export interface HostInfo {
  cpus: number | null;
  /** MiB. */
  memory: number;
  cpu: string | null;
  os: string | null;
  /** `uname -r` on Linux. */
  version: string | null;
}

/** @returns null where it says no memory: in another language, or no host at all */
export function parseHostInfo(text: string): HostInfo | null {
  const said = new Map(
    withoutWarnings(text)
      .split('\n')
      .map((line) => {
        const at = line.indexOf(':');
        return [line.slice(0, at), line.slice(at + 1).trim()] as const;
      }),
  );
  const memory = Number(/^(\d+) MByte$/.exec(said.get('Memory size') ?? '')?.[1]);
  if (!(memory > 0)) return null;
  return {
    cpus: Number(said.get('Processor online count') ?? said.get('Processor count')) || null,
    memory,
    cpu: said.get('Processor#0 description') || null,
    os: said.get('Operating system') || null,
    version: said.get('Operating system version') || null,
  };
}
