import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { AllowedCredentials } from './credential-rules.ts';
import type { KubeContext } from './kubeconfig.ts';

/** What one request carries, and what its connection is made with. */
export interface Credentials {
  headers: Record<string, string>;
  tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername'>;
}

export interface CredentialSource {
  /** Fresh for each request: tokens rotate. Rejects where a file is gone or a command fails. */
  current(): Promise<Credentials>;
  /** Forgets what was cached (an exec token without an end is kept for ever otherwise): the server refused it. */
  renew(): void;
}

/** The SDK's KubeConfig knows every way to be somebody; it is used for that alone, with what the rules allowed. */
export function credentialSource(context: KubeContext, server: string, allowed: AllowedCredentials): CredentialSource {
  const open = () => kubeConfigOf(context, server, allowed);
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

function kubeConfigOf(context: KubeContext, server: string, allowed: AllowedCredentials): KubeConfig {
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
        exec: allowed.command && user.exec ? execOf(user.exec, allowed.command) : undefined,
        authProvider: allowed.tokenFile ? { name: 'tokenFile', config: { tokenFile: allowed.tokenFile } } : undefined,
      },
    ],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  });
  return config;
}

type Exec = NonNullable<NonNullable<NonNullable<KubeContext['user']>['user']>['exec']>;

// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
function execOf(exec: Exec, command: string): object {
  const apiVersion = exec.apiVersion ?? 'client.authentication.k8s.io/v1';
  const info = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } });
  return {
    apiVersion,
    command,
    args: exec.args ?? [],
    env: [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: info }],
  };
}
