/** An address or network as 128 bits: four unsigned 32-bit words; IPv4 is `::ffff:a.b.c.d`. */
export interface Network {
  words: readonly [number, number, number, number];
  /** Leading bits that count, of 128. */
  bits: number;
}

function readV4(text: string): number | null {
  let word = 0;
  let byte = -1;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      byte = Math.max(0, byte) * 10 + digit;
      if (++digits > 3 || byte > 255) return null;
    } else if (text[i] === '.' && byte >= 0) {
      word = word * 256 + byte;
      [byte, digits] = [-1, 0];
      dots++;
    } else return null;
  }
  return dots === 3 && byte >= 0 ? word * 256 + byte : null;
}

/** The 16-bit groups of one side of `::`; a trailing IPv4 address is two of them. */
function readGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes('.') ? readV4(part) : null;
    if (v4 !== null) groups.push(v4 >>> 16, v4 & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function readV6(text: string): Network['words'] | null {
  const sides = text.split('::');
  const left = readGroups(sides[0] ?? '');
  const right = sides.length === 2 ? readGroups(sides[1] ?? '') : [];
  if (sides.length > 2 || left === null || right === null) return null;
  const gap = 8 - left.length - right.length;
  if (sides.length === 2 ? gap < 1 : gap !== 0) return null;
  const g = [...left, ...Array<number>(gap).fill(0), ...right];
  const word = (i: number) => (((g[i] ?? 0) << 16) | (g[i + 1] ?? 0)) >>> 0;
  return [word(0), word(2), word(4), word(6)];
}

/** An address, or a network such as `10.0.0.0/8`; null for any other text. A zone (`fe80::1%eth0`) is left out. */
export function readNetwork(text: string): Network | null {
  if (text.length > 64) return null;
  const [address = '', size, more] = text.split('/');
  const v4 = readV4(address);
  const words = v4 === null ? readV6(address.replace(/%.*$/, '')) : ([0, 0, 0xffff, v4] as const);
  if (words === null || more !== undefined) return null;
  const width = v4 === null ? 128 : 32;
  if (size === undefined) return { words, bits: 128 };
  if (!/^\d{1,3}$/.test(size) || Number(size) > width) return null;
  return { words, bits: 128 - width + Number(size) };
}

export const isV4 = (words: Network['words']): boolean => words[0] === 0 && words[1] === 0 && words[2] === 0xffff;

/** True if the address lies in the network. A network of one version has no address of the other: `::/0` is all of IPv6. */
export function contains(network: Network, address: Network['words']): boolean {
  if (isV4(network.words) !== isV4(address)) return false;
  for (let i = 0; i < 4; i++) {
    const bits = Math.min(32, network.bits - 32 * i);
    if (bits <= 0) return true;
    const mask = bits === 32 ? 0xffffffff : ~(0xffffffff >>> bits);
    if ((((network.words[i] ?? 0) ^ (address[i] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}
