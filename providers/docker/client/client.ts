import type { Call } from '#providers/contract.ts';
import { ProviderError } from '#providers/contract.ts';
import { kindOfStatus, retryAfterMs } from '#providers/kit/failure.ts';

/** How calls are named in errors, logs and the policy. */
export const LIST = 'GET /containers/json';
export const INSPECT = 'GET /containers/{id}/json';

/** Who answers: `GET /info` as it came, and what `/_ping` said before it. */
export interface EngineInfo {
  info: unknown;
  /** Podman's compatible API, which names no engine id. */
  podman: boolean;
}

/** A stream of events that the engine has begun to send. */
export interface EventStream {
  /** Parsed lines; ends at `until`, throws a ProviderError when it breaks. */
  events: AsyncIterable<unknown>;
}

/** One engine: real (`client-http.ts`) or the mock's (`mock.ts`). Errors are ProviderErrors, a refusal is an EngineError. */
export interface DockerClient {
  /** Address as configured; unique in the source. */
  readonly host: string;
  /** Traffic is neither encrypted nor verified, as the operator wished. */
  readonly insecure: boolean;
  /** @returns the engine's own time, epoch milliseconds, where it says it */
  ping(call: Call): Promise<number | null>;
  info(call: Call): Promise<EngineInfo>;
  /** `GET /containers/json?all=true`: the whole snapshot, or these containers of it. */
  containers(ids: readonly string[] | null, call: Call): Promise<unknown>;
  inspect(id: string, call: Call): Promise<unknown>;
  /** Resolves when the engine has subscribed us. Times in seconds of the engine's clock. */
  events(span: { since: number; until: number }, call: Call): Promise<EventStream>;
  /** Drops connections and reads certificates and keys again. */
  renew(): void;
  close(): Promise<void>;
}

/** The engine, or a proxy in front of it, answered with a status that is not 2xx. */
export class EngineError extends ProviderError {
  readonly status: number;
  constructor(place: string, status: number, message: string, hint: { header?: string | undefined; now: number }) {
    const wait = retryAfterMs(hint.header, hint.now);
    super(kindOfStatus(status, wait !== undefined), place, `answered ${status}${message ? `: ${message}` : ''}`, {
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
    this.status = status;
  }
}
