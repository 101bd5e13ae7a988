import type { OwnMachine } from '#providers/contract.ts';
import { ProviderError } from '#providers/contract.ts';
import { asArray, asRecord, asString } from '#providers/kit/read.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { SERVER } from '../client/client.ts';

/** What a server says of itself (`GET /1.0`), as far as its rows need it. */
export interface Server {
  /**
   * SHA-256 of its certificate; the members of a cluster have one together, so it names the cluster whichever of them answers.
   */
  account: string;
  /** Of the member that answers. */
  name: string;
  clustered: boolean;
  /** `incus`, `lxd`. */
  product: string | null;
  version: string | null;
  os: string | null;
  kernel: string | null;
  architecture: string | null;
  storage: string | null;
  driver: string | null;
}

/**
 * Extensions of the API without which an answer would be silently less: all projects in one list, one instance with its state, events that name
 * their project. LXD has had them since 4.22, Incus from its beginning. What later ones add is read where it is there.
 * @see https://linuxcontainers.org/incus/docs/main/api-extensions/
 */
const NEEDED = ['event_lifecycle', 'event_project', 'instance_all_projects', 'instance_get_full'] as const;

/** @throws ProviderError `auth` where it does not trust us, `unsupported` where it is too old, `bad-reply` where it names nobody */
export function serverOf(answer: unknown, place: string): Server {
  const parsed = asRecord(answer);
  if (parsed?.auth === 'untrusted')
    throw new ProviderError(
      'auth',
      place,
      'does not trust the certificate of the client: add it (incus config trust add-certificate)',
    ).of(SERVER);
  const environment = asRecord(parsed?.environment);
  const account = asString(environment?.certificate_fingerprint)?.toLowerCase() ?? null;
  const name = asString(environment?.server_name);
  if (!environment || account === null || !/^[0-9a-f]{64}$/.test(account) || name === null)
    throw unexpected(place, 'certificate_fingerprint and server_name of the server', parsed?.environment ?? answer).of(
      SERVER,
    );
  const has = new Set(asArray(parsed?.api_extensions));
  const lacks = NEEDED.filter((extension) => !has.has(extension));
  if (lacks.length > 0)
    throw new ProviderError(
      'unsupported',
      place,
      `lacks the API extension ${lacks.join(', ')}: LXD 5.0 or later, or Incus, is needed`,
    ).of(SERVER);
  return {
    account,
    name,
    clustered: environment.server_clustered === true,
    product: asString(environment.server),
    version: asString(environment.server_version),
    os:
      [asString(environment.os_name), asString(environment.os_version)].filter((part) => part !== null).join(' ') ||
      null,
    kernel: asString(environment.kernel_version),
    architecture: asString(environment.kernel_architecture),
    storage: asString(environment.storage),
    driver: asString(environment.driver),
  };
}

/** Where a row is listed from. */
export interface Place {
  server: Server;
  /** The collector's own machine, where the server answers on a socket of it. */
  machine: OwnMachine | null;
}
