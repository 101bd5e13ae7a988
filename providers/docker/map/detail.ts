import type { Amount, JsonValue } from '#lib/model/index.ts';
import { asAmount, asArray, asNumber, asRecord, asString, timeOf } from '#providers/kit/read.ts';
import { redact } from '#providers/kit/redact.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';

/** What only inspect says of a container. Made of named fields: environment, command and arguments never get here. */
export interface Detail {
  startedAt: string | null;
  restarts: number | null;
  oomKilled: boolean;
  exitCode: number | null;
  /** Why it could not be started the last time. Foreign text: an excerpt of it. */
  error: string | null;
  /** `none`, `starting`, `healthy`, `unhealthy`; null without a health check. */
  health: string | null;
  limits: Amount | null;
  requests: Amount | null;
  isolation: string | null;
  raw: JsonValue;
}

const MIB = 1024 * 1024;

/** `GET /containers/{id}/json`, https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerInspect */
export function detailOf(inspected: unknown): Detail | null {
  const row = asRecord(inspected);
  const config = asRecord(row?.HostConfig);
  const state = asRecord(row?.State);
  if (!row || !config || !state) return null;
  const runtime = asString(config.Runtime);
  return {
    startedAt: instant(state.StartedAt),
    restarts: asAmount(row.RestartCount),
    oomKilled: state.OOMKilled === true,
    exitCode: asNumber(state.ExitCode),
    error: errorOf(asString(state.Error) ?? ''),
    health: asString(asRecord(state.Health)?.Status),
    limits: amount(cpuOf(config), above0(config.Memory)),
    requests: amount(null, above0(config.MemoryReservation)),
    isolation: isolationOf(runtime, asString(config.Isolation)),
    raw: redact({
      exitCode: asNumber(state.ExitCode),
      oomKilled: state.OOMKilled === true,
      error: excerpt(asString(state.Error) ?? '') || undefined,
      finishedAt: instant(state.FinishedAt),
      health: asString(asRecord(state.Health)?.Status) ?? undefined,
      hostname: asString(asRecord(row.Config)?.Hostname),
      user: asString(asRecord(row.Config)?.User) ?? undefined,
      restartPolicy: asString(asRecord(config.RestartPolicy)?.Name),
      runtime,
      privileged: config.Privileged === true,
      cpuShares: above0(config.CpuShares) ?? undefined,
      cpuset: asString(config.CpusetCpus) ?? undefined,
      pidsLimit: above0(config.PidsLimit) ?? undefined,
      driver: asString(row.Driver),
      platform: asString(row.Platform),
      capAdd: asArray(config.CapAdd),
    }),
  };
}

/** Without the layers that hand it on (daemon, shim, runtime), which would leave no room for what went wrong. */
const errorOf = (message: string): string | null =>
  excerpt(message.split(/(?:unable to start container process|starting container process caused): /).at(-1) ?? '') ||
  null;

/** Go's zero time is "never". */
function instant(value: unknown): string | null {
  const time = timeOf(value);
  return time === null || time < '1971' ? null : time;
}

const above0 = (value: unknown): number | null => (typeof value === 'number' && value > 0 ? value : null);

/** Cores: `--cpus`, `--cpu-quota` of a period (100 ms unless said), or Windows' count of processors. */
function cpuOf(config: { readonly [key: string]: unknown }): number | null {
  const nano = above0(config.NanoCpus);
  if (nano !== null) return nano / 1e9;
  const quota = above0(config.CpuQuota);
  if (quota !== null) return quota / (above0(config.CpuPeriod) ?? 100_000);
  return above0(config.CpuCount);
}

/** @param memory bytes */
function amount(cpu: number | null, memory: number | null): Amount | null {
  return cpu === null && memory === null ? null : { cpu, memory: memory === null ? null : memory / MIB };
}

// Names as the projects' own guides register them with dockerd.
function isolationOf(runtime: string | null, isolation: string | null): string | null {
  if (runtime !== null && /^(runsc|gvisor)|\.runsc\./.test(runtime)) return 'gvisor';
  if (runtime !== null && /^kata|\.kata\./.test(runtime)) return 'kata';
  return isolation === 'hyperv' ? 'hyperv' : null;
}
