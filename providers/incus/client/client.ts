import type { Call } from '#providers/contract.ts';

/** How calls are named in errors, logs and the policy. */
export const SERVER = 'GET /1.0';
export const MEMBERS = 'GET /1.0/cluster/members';
export const RESOURCES = 'GET /1.0/resources';
export const PROJECT = 'GET /1.0/projects/{name}';
export const LIST = 'GET /1.0/instances';
export const INSTANCE = 'GET /1.0/instances/{name}';
export const EVENTS = 'GET /1.0/events';

/** A stream of events that the server has begun to send. */
export interface EventStream {
  /** Parsed messages; throws a ProviderError when the stream breaks, and never ends by itself. */
  events: AsyncIterable<unknown>;
}

/**
 * One server: real (`client-http.ts`) or the mock's (`mock.ts`). Answers are the `metadata` of the API's envelope, not looked into. Errors
 * are ProviderErrors. A `project` that is null is all of them.
 * @see https://linuxcontainers.org/incus/docs/main/rest-api/
 */
export interface IncusClient {
  /** Address as configured; unique in the source. */
  readonly host: string;
  /** Behind a socket of this machine. */
  readonly local: boolean;
  server(call: Call): Promise<unknown>;
  members(call: Call): Promise<unknown>;
  /** @param member null for the server that answers */
  resources(member: string | null, call: Call): Promise<unknown>;
  /** @throws ProviderError `permission` for one that is not there or not shown, which servers do not tell apart */
  project(name: string, call: Call): Promise<unknown>;
  /** With the state of each. LXD 5.0 answers an empty list for a project that it does not have. */
  instances(project: string | null, call: Call): Promise<unknown>;
  /** Their names alone: whether they may be listed. */
  names(project: string | null, call: Call): Promise<unknown>;
  /** @returns null where the server says that there is none of this name */
  instance(project: string, name: string, call: Call): Promise<unknown>;
  /** Resolves when the server has subscribed us. */
  events(project: string | null, call: Call): Promise<EventStream>;
  /** Whether the events may be asked for, without taking them. @throws ProviderError where they may not */
  checkEvents(project: string | null, call: Call): Promise<void>;
  /** Drops connections and reads certificates again. */
  renew(): void;
  close(): Promise<void>;
}
