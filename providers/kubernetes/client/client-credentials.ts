import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Call, Clock } from '#providers/contract.ts';
import { COMMAND, type CredentialCommand, execCredential } from './client-exec.ts';
import type { AllowedCredentials } from './credential-rules.ts';
import type { KubeContext } from './kubeconfig.ts';

/** What one request carries, and what its connection is made with. */
export interface Credentials {
  headers: Record<string, string>;
  tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername'>;
}

/** How long a command may take, by whose clock what it gave expires. */
export interface CommandBounds {
  clock: Clock;
  timeoutMs: number;
}

export interface CredentialSource {
  /** Fresh for each request: tokens rotate. Rejects where a file is gone or a command fails. */
  current(call: Call): Promise<Credentials>;
  /** Forgets what was cached (an exec token without an end is kept for ever otherwise): the server refused it. */
  renew(): void;
}

/** The SDK's KubeConfig knows every way to be somebody; it is used for that alone, with what the rules allowed. */
export function credentialSource(
  context: KubeContext,
  server: string,
  allowed: AllowedCredentials,
  bounds: CommandBounds,
): CredentialSource {
  const open = () => kubeConfigOf(context, server, allowed, bounds);
  let config = open();
  return {
    async current() {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      const headers: Record<string, string> = {};
      // A token file ends in a line break.
      for (const [key, value] of Object.entries(options.headers ?? {}))
        if (typeof value === 'string') headers[key.toLowerCase()] = value.trim();
      if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
      const { ca, cert, key, servername } = options;
      return { headers, tls: { ca, cert, key, servername } };
    },
    renew: () => {
      config = open();
    },
  };
}

function kubeConfigOf(
  context: KubeContext,
  server: string,
  allowed: AllowedCredentials,
  { clock, timeoutMs }: CommandBounds,
): KubeConfig {
  const config = new KubeConfig();
  const { cluster } = context.cluster;
  const user = context.user?.user ?? {};
  config.loadFromOptions({
    clusters: [
      {
        name: 'cluster',
        server,
        caData: cluster['certificate-authority-data'],
        caFile: allowed.certificateAuthority,
        // Only for the SDK's own refusal of http; whether certificates are verified is decided where connections are made.
        skipTLSVerify: allowed.insecure || server.startsWith('http:'),
        tlsServerName: cluster['tls-server-name'],
      },
    ],
    users: [
      {
        name: 'user',
        token: allowed.tokenFile ? undefined : user.token,
        username: user.username,
        password: user.password,
        certData: user['client-certificate-data'],
        certFile: allowed.clientCertificate,
        keyData: user['client-key-data'],
        keyFile: allowed.clientKey,
        impersonateUser: user.as,
        authProvider: authProviderOf(allowed),
      },
    ],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  });
  if (allowed.command && user.exec)
    config.addAuthenticator(
      execCredential(commandOf(user.exec, allowed.command, { context, server, allowed, timeoutMs }), clock),
    );
  return config;
}

function authProviderOf({ command, tokenFile }: AllowedCredentials): object | undefined {
  if (command) return { name: COMMAND };
  return tokenFile ? { name: 'tokenFile', config: { tokenFile } } : undefined;
}

type Exec = NonNullable<NonNullable<NonNullable<KubeContext['user']>['user']>['exec']>;

// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
function commandOf(
  exec: Exec,
  file: string,
  {
    context,
    server,
    allowed,
    timeoutMs,
  }: { context: KubeContext; server: string; allowed: AllowedCredentials; timeoutMs: number },
): CredentialCommand {
  const apiVersion = exec.apiVersion ?? 'client.authentication.k8s.io/v1';
  const env = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const { cluster } = context.cluster;
  return {
    file,
    args: exec.args ?? [],
    timeoutMs,
    async env() {
      const spec = {
        interactive: false,
        ...(exec.provideClusterInfo ? { cluster: await clusterInfo(cluster, server, allowed) } : {}),
      };
      return { ...env, KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion, kind: 'ExecCredential', spec }) };
    },
  };
}

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-Cluster */
async function clusterInfo(
  cluster: KubeContext['cluster']['cluster'],
  server: string,
  allowed: AllowedCredentials,
): Promise<object> {
  const file = allowed.certificateAuthority;
  return {
    server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': allowed.insecure || undefined,
    'certificate-authority-data':
      cluster['certificate-authority-data'] ?? (file && (await readFile(file)).toString('base64')),
    'disable-compression': cluster['disable-compression'],
    config: cluster.extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension,
  };
}
