import { readFile } from 'node:fs/promises';
import type http from 'node:http';
import Docker from 'dockerode';
import { abortable } from '#lib/runtime/abort.ts';
import { ProviderError } from '#providers/contract.ts';
import { cachedCredential } from '#providers/kit/cached-credential.ts';
import { type Address, parseAddress } from './address.ts';
import { plainAgent, tlsAgent } from './client-agent.ts';
import { sshAgent } from './client-ssh.ts';

export interface TransportOptions {
  /** As configured; parsed before. */
  host: string;
  tls?: { ca?: string | undefined; cert?: string | undefined; key?: string | undefined } | undefined;
  ssh?: { keyFile: string; knownHosts?: string | undefined; fingerprint?: string | undefined } | undefined;
  insecure: boolean;
  timeoutMs: number;
}

export interface Transport {
  readonly insecure: boolean;
  docker(signal: AbortSignal): Promise<Docker>;
  renew(): void;
  close(): void;
}

/** Connections to one engine; certificates and keys are read when first needed and when their files change. */
export function openTransport(options: TransportOptions): Transport {
  const address = parseAddress(options.host);
  if (typeof address === 'string') throw new ProviderError('config', options.host, address);
  let agent: http.Agent | null = null;
  const close = () => {
    agent?.destroy();
    agent = null;
  };
  const files = [options.tls?.ca, options.tls?.cert, options.tls?.key, options.ssh?.keyFile, options.ssh?.knownHosts];
  const held = cachedCredential(
    files.filter((file) => file !== undefined),
    async () => {
      const next = await agentOf(address, options);
      close();
      agent = next;
      return new Docker(settings(address, next, options.tls !== undefined));
    },
  );
  return {
    insecure: options.insecure && address.type === 'tcp' && options.tls === undefined,
    async docker(signal) {
      try {
        return await abortable(held.get(), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ProviderError) throw error;
        const file = error instanceof Error && 'path' in error ? `${error.path} ` : '';
        throw new ProviderError('config', options.host, `${file}could not be read`, { cause: error });
      }
    },
    renew: () => held.drop(),
    close,
  };
}

async function agentOf(address: Address, options: TransportOptions): Promise<http.Agent> {
  if (address.type === 'ssh') {
    if (!options.ssh) throw new ProviderError('config', options.host, 'expected ssh with keyFile');
    return sshAgent({ ...options.ssh, address, place: options.host, timeoutMs: options.timeoutMs });
  }
  if (address.type !== 'tcp' || !options.tls) return plainAgent();
  const { ca, cert, key } = options.tls;
  return tlsAgent({
    ...(ca ? { ca: await readFile(ca) } : {}),
    ...(cert ? { cert: await readFile(cert) } : {}),
    ...(key ? { key: await readFile(key) } : {}),
  });
}

/**
 * Names every setting that the SDK would otherwise take from the environment (DOCKER_HOST, DOCKER_CERT_PATH, ...): a source is what
 * its configuration says. Over ssh requests travel in channels that the agent makes; the name in them is no address.
 */
function settings(address: Address, agent: http.Agent, tls: boolean): Docker.DockerOptions {
  const none = { ca: undefined, cert: undefined, key: undefined, username: undefined, timeout: undefined };
  const common = { ...none, version: undefined, headers: {}, sshOptions: {}, agent };
  if (address.type === 'unix') return { ...common, protocol: 'http', host: '', port: '', socketPath: address.path };
  if (address.type === 'ssh') return { ...common, protocol: 'http', host: 'docker', port: 80, socketPath: '' };
  const host = address.host.replace(/^\[|\]$/g, '');
  return { ...common, protocol: tls ? 'https' : 'http', host, port: address.port, socketPath: '' };
}
