import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { serverProblem } from './address.ts';
import type { KubeContext } from './kubeconfig.ts';

export interface CredentialRules {
  /** The kubeconfig itself; relative paths start at its folder. */
  file: string;
  /** Folder whose files it may name; default is its own, null for none. */
  home?: string | null;
  allowFiles: readonly string[];
  allowCommands: readonly string[];
  insecureContexts: readonly string[];
}

/** What was allowed for a context: absolute paths, ready to be used. */
export interface AllowedCredentials {
  /** Absolute path of the exec command. */
  command: string | undefined;
  certificateAuthority: string | undefined;
  clientCertificate: string | undefined;
  clientKey: string | undefined;
  tokenFile: string | undefined;
  /** Certificates are not verified; the operator said so for this context. */
  insecure: boolean;
}

// Variables through which a kubeconfig could make an allowed command run something else:
// some by name, some through a settings file that names a program (`credential_process` of aws, the Python of gcloud).
const LOADER =
  /^(PATH|LD_.*|DYLD_.*|GCONV_PATH|GLIBC_TUNABLES|NODE_(OPTIONS|PATH)|PYTHON.*|PERL.*|RUBY.*|(_JAVA|JDK_JAVA|JAVA_TOOL)_OPTIONS|BASH_(ENV|FUNC_.*)|ENV|IFS|SHELLOPTS|HOME|XDG_.*|KUBECONFIG|GIT_.*|AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|CLOUDSDK_(PYTHON.*|CONFIG|ROOT_DIR)|AZURE_CONFIG_DIR|GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES)$/i;

/**
 * Holds a context against the rules before anything of it is read, resolved or run. A kubeconfig is code in the wrong hands:
 * commands run only where the operator lists their absolute path, and files are read only from the kubeconfig's own folder
 * or from where the operator says.
 * @returns what is allowed, or every problem: names of users, clusters and fields, no values
 */
export async function applyRules(
  context: KubeContext,
  rules: CredentialRules,
): Promise<{ allowed: AllowedCredentials } | { problems: string[] }> {
  const problems: string[] = [];
  const { cluster, name } = context.cluster;
  const user = context.user?.user ?? {};
  const who = `user ${context.user?.name ?? '(none)'}`;
  const insecure = rules.insecureContexts.includes(context.name);

  const server = serverProblem(cluster.server, insecure);
  if (server) problems.push(`cluster ${name}: server: ${server}`);
  if (cluster['insecure-skip-tls-verify'] && !insecure)
    problems.push(`cluster ${name}: insecure-skip-tls-verify is refused unless insecureContexts lists ${context.name}`);
  if (cluster['proxy-url']) problems.push(`cluster ${name}: proxy-url is not supported`);

  let command: string | undefined;
  if (user.exec) {
    const wanted = user.exec.command;
    command = path.isAbsolute(wanted)
      ? rules.allowCommands.find((allowed) => allowed === wanted)
      : rules.allowCommands.find((allowed) => !wanted.includes('/') && path.basename(allowed) === wanted);
    if (command === undefined)
      problems.push(`${who}: exec.command is refused unless allowCommands lists its absolute path`);
    for (const variable of user.exec.env ?? [])
      if (LOADER.test(variable.name)) problems.push(`${who}: exec.env may not set ${variable.name}`);
  }
  const provider = user['auth-provider'];
  if (provider) {
    const field = provider.config && 'cmd-path' in provider.config ? 'auth-provider.config.cmd-path' : 'auth-provider';
    problems.push(`${who}: ${field} is refused; use a token, a client certificate or exec with allowCommands`);
  }

  const folder = path.dirname(rules.file);
  const home = rules.home === undefined ? folder : rules.home;
  // A kubeconfig that lies in /etc or / has a folder that holds everybody's secrets.
  const roots = home !== null && home.split(path.sep).length > 2 ? [home, ...rules.allowFiles] : rules.allowFiles;
  const fileOf = async (owner: string, field: string, value: string | undefined): Promise<string | undefined> => {
    if (!value) return undefined;
    const file = path.resolve(folder, value);
    if (await isWithin(file, roots)) return file;
    problems.push(
      home === null
        ? `${owner}: ${field} names a file, which a kubeconfig of a folder of them may not; allowFiles can list it`
        : `${owner}: ${field} names a file that is missing or not in the folder of the kubeconfig; allowFiles can list it`,
    );
    return undefined;
  };
  const certificateAuthority = await fileOf(
    `cluster ${name}`,
    'certificate-authority',
    cluster['certificate-authority'],
  );
  const clientCertificate = await fileOf(who, 'client-certificate', user['client-certificate']);
  const clientKey = await fileOf(who, 'client-key', user['client-key']);
  const tokenFile = await fileOf(who, 'tokenFile', user.tokenFile ?? user['token-file']);
  if (problems.length > 0) return { problems };
  return { allowed: { command, certificateAuthority, clientCertificate, clientKey, tokenFile, insecure } };
}

/** Links are followed before the comparison: a mounted secret links inside its own folder, an attack links out of it. */
async function isWithin(file: string, roots: readonly string[]): Promise<boolean> {
  const real = await realpath(file).catch(() => null);
  if (real === null) return false;
  for (const root of roots) {
    const base = await realpath(root).catch(() => null);
    if (base !== null && (real === base || real.startsWith(base.endsWith(path.sep) ? base : base + path.sep)))
      return true;
  }
  return false;
}
