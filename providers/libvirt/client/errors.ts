import type { ErrorKind } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';

/**
 * What virsh's words mean. It tells no codes, but with LC_ALL=C its words are those of libvirt's table of errors (src/util/virerror.c),
 * of its remote and ESX drivers, and of ssh. The first that fits wins; each is held by a test with the text as it was seen.
 */
const PHRASES: readonly (readonly [RegExp, ErrorKind, string?])[] = [
  [
    /^(internal error: )?Libvirt doesn't support VirtualBox API version\b/,
    'config',
    'this libvirt does not know this VirtualBox: write provider: virtualbox instead, which asks VBoxManage',
  ],
  [/^authentication failed: .*certificate/i, 'network', 'TLS failed'],
  [/^Cannot recv data: .*Host key verification failed/, 'config', 'its host key is not known: add it to known_hosts'],
  [/^Cannot recv data: .*REMOTE HOST IDENTIFICATION HAS CHANGED/, 'network', 'its host key is another one than before'],
  [/^Cannot recv data: .*Permission denied \(/, 'auth', 'ssh refused the key'],
  [/^Cannot recv data: .*: Could not resolve hostname/, 'network', 'the host name is not known'],
  [/^authentication (failed|cancelled)\b/, 'auth'],
  [/^(internal error: )?.*Cannot complete login due to an incorrect user name or password/, 'auth'],
  [/^(internal error: )?HTTP response code 401\b/, 'auth'],
  [/^authentication unavailable\b/, 'permission'],
  [/^access denied\b/, 'permission'],
  [/^operation forbidden\b/, 'permission'],
  [/^Failed to connect socket to '[^']*': Permission denied$/, 'permission'],
  [/^Failed to connect socket to '[^']*': /, 'network', 'the libvirt daemon is not running or not installed there'],
  [/^(internal error: )?.*curl_easy_perform\(\) returned an error: .*\(28\)/, 'timeout'],
  [/^(internal error: )?.*curl_easy_perform\(\) returned an error: /, 'network'],
  [/^(internal error: )?HTTP response code 5\d\d\b/, 'network'],
  [/^Timed out during operation\b/, 'timeout'],
  [/^(internal error: )?(connection closed due to keepalive timeout|.* due to keepalive timeout)$/, 'timeout'],
  [/^resource busy\b/, 'rate-limit'],
  [/^this function is not supported by the connection driver\b/, 'unsupported'],
  [/^unsupported (configuration|flags|flag|argument)\b/, 'unsupported'],
  [/^no connection driver available for\b/, 'unsupported'],
  [/^(unable to connect to server at|Cannot recv data|Cannot write data|End of file while reading data)\b/, 'network'],
  [/^(client socket is closed|Disconnected from .*|cannot resolve address)/, 'network'],
  [/^(unable to resolve address|Unable to resolve)\b/i, 'network'],
  [/^Cannot read (CA )?(certificate|private key|key) /, 'config', 'a certificate cannot be read'],
  [/^internal error: vmrun utility is missing/, 'config', 'VMware is not installed: it has no vmrun'],
  [/^internal error: unable to initialize VirtualBox driver API/, 'config', 'VirtualBox is not installed there'],
  [/^(invalid connection pointer|invalid argument|Failed to find user record)\b/, 'config'],
  [/^Failed to load config file|^Failed to parse .*auth/, 'config'],
];

/** Said without saying anything: what went wrong stands in another line. */
const EMPTY =
  /^(failed to (connect to the hypervisor|get domain '.*'|get capabilities|get hostname|get node information)|Failed to list domains|Unable to get number of memory stats)$/;

const wordsOf = (line: string): string => line.replace(/^(virsh: )?error: /, '').trim();

export const isEmptyLine = (line: string): boolean => EMPTY.test(wordsOf(line));

/** True where all that failed are functions that the driver does not have: it is connected, and this is all there is to say. */
export function isLackOnly(stderr: string): boolean {
  if (/^error: failed to connect to the hypervisor$/m.test(stderr)) return false;
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !isEmptyLine(line));
  return lines.length > 0 && lines.every((line) => LACKS.test(wordsOf(line)));
}

const LACKS = /^this function is not supported by the connection driver\b/;

/**
 * The error that virsh told on its standard error.
 * @param place names the connection
 */
export function virshError(stderr: string, place: string): ProviderError {
  const lines = stderr
    .split('\n')
    .map(wordsOf)
    .filter((line) => line !== '' && !EMPTY.test(line));
  for (const line of lines)
    for (const [pattern, kind, meaning] of PHRASES)
      if (pattern.test(line))
        return new ProviderError(kind, place, meaning ? `${meaning}: ${quoted(line)}` : quoted(line));
  // It could not connect, whatever the driver says about it.
  const kind = /^error: failed to connect to the hypervisor$/m.test(stderr) ? 'network' : 'bad-reply';
  return new ProviderError(kind, place, lines[0] ? quoted(lines[0]) : 'expected an answer of virsh, got: nothing');
}

/** Fit for an error: users and passwords of URIs gone, at most 200 characters. */
const quoted = (line: string): string => excerpt(line.replace(/:\/\/[^\s/@]*@/g, '://[redacted]@'));
