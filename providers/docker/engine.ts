import { amountOf, fields, textOf } from '../kit/read.ts';
import { unexpected } from '../kit/unexpected.ts';
import type { Introduction } from './client.ts';

/** What an engine says of itself, as far as its containers need it. */
export interface Engine {
  /** `info.ID`; of Podman, which makes a new one for each answer, its name and the address that leads to it. */
  id: string;
  name: string;
  /** `linux`, `windows`. */
  os: string | null;
  /** How many containers it counts, in all states. */
  containers: number | null;
}

/** @throws ProviderError `bad-reply` for an answer that names no engine: rows without an engine would be nobody's */
export function engineOf({ info, podman }: Introduction, host: string): Engine {
  const said = fields(info);
  const id = textOf(said?.ID);
  const name = textOf(said?.Name);
  if (!said || name === null || (id === null && !podman))
    throw unexpected(host, 'ID and Name of the engine', info).of('GET /info');
  return {
    id: podman || id === null ? `podman/${name}/${host}` : id,
    name,
    os: textOf(said.OSType),
    containers: amountOf(said.Containers),
  };
}
