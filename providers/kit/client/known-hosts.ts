import { createHmac } from 'node:crypto';

export interface KnownKeys {
  /** Public keys in base64, as the wire has them. */
  accepted: string[];
  revoked: string[];
}

/**
 * The keys that an OpenSSH known_hosts file has for a server, https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT: plain, hashed
 * and wildcard names, `[host]:port`, `@revoked`. Lines of certificate authorities vouch for certificates, which are not asked for.
 */
export function knownKeys(file: string, host: string, port: number): KnownKeys {
  const name = (port === 22 ? host : `[${host}]:${port}`).toLowerCase();
  const found: KnownKeys = { accepted: [], revoked: [] };
  for (const line of file.split(/\r?\n/)) {
    const words = line.trim().split(/\s+/);
    if (words[0] === undefined || words[0] === '' || words[0].startsWith('#')) continue;
    const marker = words[0].startsWith('@') ? words.shift() : undefined;
    const [names, , key] = words;
    if (names === undefined || key === undefined || !matches(names, name)) continue;
    if (marker === undefined) found.accepted.push(key);
    else if (marker === '@revoked') found.revoked.push(key);
  }
  return found;
}

function matches(names: string, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|([^|]+)$/.exec(names);
  if (hashed) {
    const [, salt = '', hash = ''] = hashed;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  let matched = false;
  for (const pattern of names.toLowerCase().split(',')) {
    const negated = pattern.startsWith('!');
    if (!glob(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** `*` and `?`; the pattern is cut at its stars, so that no pattern takes long. */
function glob(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  if (!same(first, text.slice(0, first.length)) || text.length < first.length) return false;
  if (rest.length === 0) return text.length === first.length;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    while (at + part.length <= text.length && !same(part, text.slice(at, at + part.length))) at++;
    if (at + part.length > text.length) return false;
    at += part.length;
  }
  return text.length - last.length >= at && same(last, text.slice(text.length - last.length));
}

const same = (pattern: string, text: string): boolean =>
  pattern.length === text.length && [...pattern].every((char, i) => char === '?' || char === text[i]);
