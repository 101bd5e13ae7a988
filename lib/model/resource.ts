import { z } from 'zod';
import { identitySchema } from './identity.ts';
import type { JsonValue } from './json.ts';
import { kindSchema, stateSchema } from './state.ts';
import { tagsOf, tagsSchema } from './tags.ts';
import { LIFECYCLES, MANAGED } from './vocabulary.ts';

/** ISO 8601 in UTC, e.g. `2026-11-21T09:12:00.000Z`. */
export const timestampSchema = z.iso.datetime();

/** An amount of compute. `cpu` in cores (0.25 = 250m), `memory` in MiB. `null` = not set, which is not 0. */
export const amountSchema = z.object({
  cpu: z.number().nonnegative().nullable(),
  memory: z.number().nonnegative().nullable(),
});
export type Amount = z.infer<typeof amountSchema>;

export { LIFECYCLES };

const text = z.string().nullable();

/** One VM, container or host, in one shape for all providers. `null` means the provider does not say. */
export const resourceSchema = z.object({
  /** Globally unique and stable; its form per provider is fixed in `docs/architecture.md` (Identity). */
  uid: z.string().min(1),
  provider: z.string().min(1),
  /** Id of the configured source that listed it. */
  source: z.string().min(1),
  /** Id of the scope that owns it: only this scope's complete listing can remove it. */
  scope: z.string().min(1),
  kind: kindSchema,
  name: z.string(),
  /** The id in the provider's own words: `i-0abc`, a numeric GCE id, an ARM id, a pod uid and container name. */
  nativeId: z.string().min(1),
  /**
   * The provider's object this row was read from (a pod's uid for each of its containers, otherwise `nativeId`).
   * A watch replaces all rows of an object at once.
   */
  objectId: z.string().min(1),
  /** Other names a person may search for: DNS names, runtime ids, VM ids. */
  aliases: z.array(z.string()),
  identities: z.array(identitySchema),
  state: stateSchema,
  nativeState: text,
  /** Why it is in this state, in the provider's word: `CrashLoopBackOff`, `Client.UserInitiatedShutdown`. */
  stateReason: text,
  /** Whether it can do its work, which a container that runs need not: null where the system does not say or it has ended. */
  ready: z.boolean().nullable(),
  /** Why it is not ready, in the provider's word: `ContainersNotReady`, `unhealthy`. */
  readyReason: text,
  /** How its run before this one ended: `OOMKilled` and 137. */
  lastEnd: z.object({ reason: z.string(), exitCode: z.number().int().nullable() }).nullable(),
  restarts: z.number().int().nonnegative().nullable(),
  /** Instance type, machine type, VM size; QoS class of a pod's container. */
  type: text,
  vcpus: z.number().nonnegative().nullable(),
  /** MiB. */
  memory: z.number().nonnegative().nullable(),
  requests: amountSchema.nullable(),
  limits: amountSchema.nullable(),
  /** What a node can give to pods (Kubernetes `status.allocatable`), a Docker host to containers. */
  allocatable: amountSchema.nullable(),
  /** What the hardware below a hypervisor has; null for everything that is no hypervisor. */
  physical: amountSchema.nullable(),
  region: text,
  zone: text,
  account: text,
  cluster: text,
  namespace: text,
  workload: z.object({ kind: z.string(), name: z.string() }).nullable(),
  pod: text,
  image: text,
  os: text,
  /** Those on its own interfaces. How far one reaches is no matter of where it is: see `reachOf`. Null: not known. */
  addresses: z.array(z.string()).nullable(),
  /** Those that the network translates to it: elastic, floating, external, NAT. Null: not known. */
  mappedAddresses: z.array(z.string()).nullable(),
  createdAt: timestampSchema.nullable(),
  /** Last start, where it differs from creation (EC2 LaunchTime, a container's startedAt). */
  startedAt: timestampSchema.nullable(),
  tags: tagsSchema,
  lifecycle: z.enum(LIFECYCLES).nullable(),
  /** How it is kept apart from its neighbours: `dedicated`, `sev-snp`, `gvisor`, `kata`, `trusted-launch`. */
  isolation: text,
  /** Why no machine is listed below it, or what it is instead: see {@link MANAGED}. */
  managed: z.enum(MANAGED).nullable(),
  /** Identities of what it runs on; resolved to a stack by `lib/linking`. */
  hostedBy: z.array(identitySchema),
  /** `https:` only. */
  consoleUrl: z.url({ protocol: /^https$/ }).nullable(),
  /** The provider's answer without secrets, environment values, user data and metadata. Kept apart in the store. */
  raw: z.custom<JsonValue>(() => true).meta({ description: 'redacted provider detail' }),
});
export type Resource = z.infer<typeof resourceSchema>;

type Always = 'uid' | 'provider' | 'source' | 'scope' | 'kind' | 'name' | 'nativeId' | 'objectId' | 'state' | 'raw';

/** What a system says of a resource. */
export type Reported = Pick<Resource, Always> & Partial<Omit<Resource, Always>>;

/**
 * The resource that a system reports; what it does not say is null, lists and tags are empty. One literal with every field in the
 * order of the schema: rows of one shape are half the cost of rows put together.
 */
export function resourceOf(reported: Reported): Resource {
  return {
    uid: reported.uid,
    provider: reported.provider,
    source: reported.source,
    scope: reported.scope,
    kind: reported.kind,
    name: reported.name,
    nativeId: reported.nativeId,
    objectId: reported.objectId,
    aliases: reported.aliases ?? [],
    identities: reported.identities ?? [],
    state: reported.state,
    nativeState: reported.nativeState ?? null,
    stateReason: reported.stateReason ?? null,
    ready: reported.ready ?? null,
    readyReason: reported.readyReason ?? null,
    lastEnd: reported.lastEnd ?? null,
    restarts: reported.restarts ?? null,
    type: reported.type ?? null,
    vcpus: reported.vcpus ?? null,
    memory: reported.memory ?? null,
    requests: reported.requests ?? null,
    limits: reported.limits ?? null,
    allocatable: reported.allocatable ?? null,
    physical: reported.physical ?? null,
    region: reported.region ?? null,
    zone: reported.zone ?? null,
    account: reported.account ?? null,
    cluster: reported.cluster ?? null,
    namespace: reported.namespace ?? null,
    workload: reported.workload ?? null,
    pod: reported.pod ?? null,
    image: reported.image ?? null,
    os: reported.os ?? null,
    addresses: reported.addresses ?? null,
    mappedAddresses: reported.mappedAddresses ?? null,
    createdAt: reported.createdAt ?? null,
    startedAt: reported.startedAt ?? null,
    tags: reported.tags ?? tagsOf([]),
    lifecycle: reported.lifecycle ?? null,
    isolation: reported.isolation ?? null,
    managed: reported.managed ?? null,
    hostedBy: reported.hostedBy ?? [],
    consoleUrl: reported.consoleUrl ?? null,
    raw: reported.raw,
  };
}

type Nullable = { [K in keyof Resource]: null extends Resource[K] ? K : never }[Exclude<keyof Resource, 'raw'>];

const isNullable = (name: string): name is Nullable =>
  name !== 'raw' && resourceSchema.shape[name as keyof Resource].safeParse(null).success;

/** Names of the values that a system may not say. */
export const NULLABLE: readonly Nullable[] = Object.keys(resourceSchema.shape).filter(isNullable);
