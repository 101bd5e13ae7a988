import path from 'node:path';
import { z } from 'zod';

const absolute = z.string().refine((text) => path.isAbsolute(text), 'expected an absolute path');

/** `ssh:` of a source: who we are, and whom we trust. One of knownHosts and fingerprint is needed, which its provider asks for. */
export const sshSchema = z.strictObject({
  keyFile: absolute.describe('Private key, without a passphrase; an agent is never asked'),
  knownHosts: absolute
    .optional()
    .describe("Host keys as OpenSSH's known_hosts has them; the server must have one of them"),
  fingerprint: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'expected SHA256:... as ssh-keygen -l prints it')
    .optional()
    .describe("The server's key instead of knownHosts: SHA256:... as `ssh-keygen -l` prints it"),
});
export type SshKeys = z.infer<typeof sshSchema>;
