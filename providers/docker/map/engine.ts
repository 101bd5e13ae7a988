import type { OwnMachine } from '#providers/contract.ts';
import { isOwnMachine } from '#providers/kit/own-machine.ts';
import { asAmount, asRecord, asString } from '#providers/kit/read.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { EngineInfo } from '../client/client.ts';

/** What an engine says of itself, as far as its containers need it. */
export interface Engine {
  /**
   * `info.ID`. Podman makes a new one for each answer: of one behind a local socket it is its name and the folder of its containers, so that two
   * sockets of it are one engine; else its name and the address that leads to it.
   */
  id: string;
  name: string;
  /** `linux`, `windows`. */
  os: string | null;
  /** How many containers it counts, in all states. */
  containers: number | null;
  /** The collector's own machine, where this engine runs on it. */
  own?: OwnMachine | null;
}

/** @throws ProviderError `bad-reply` for an answer that names no engine: rows without an engine would be nobody's */
export function engineOf({ info, podman }: EngineInfo, host: string, machine: OwnMachine | null = null): Engine {
  const parsed = asRecord(info);
  const id = asString(parsed?.ID);
  const name = asString(parsed?.Name);
  if (!parsed || name === null || (id === null && !podman))
    throw unexpected(host, 'ID and Name of the engine', info).of('GET /info');
  const isLocal = host.startsWith('unix://');
  const folder = isLocal ? asString(parsed.DockerRootDir) : null;
  const bytes = asAmount(parsed.MemTotal);
  const memory = bytes === null ? null : bytes / 2 ** 20;
  const isOwn =
    isLocal && machine && isOwnMachine(machine, { hostname: name, memory, kernel: asString(parsed.KernelVersion) });
  return {
    id: podman || id === null ? `podman/${name}/${folder ?? host}` : id,
    name,
    os: asString(parsed.OSType),
    containers: asAmount(parsed.Containers),
    own: isOwn ? machine : null,
  };
}
