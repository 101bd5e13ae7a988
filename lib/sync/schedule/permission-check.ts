import type { Permission } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { withDeadline } from '../limits/deadline.ts';
import { guarded } from '../limits/guard.ts';
import type { Semaphores } from '../limits/semaphores.ts';
import { explain, oneLine } from '../run/reason.ts';
import type { Source, Tools } from '../source.ts';

const HOUR = 3_600_000;
const LONGEST = 5 * 60_000;

/**
 * Checks what one source is allowed, at most once an hour, beside everything else and within the caps of its provider. It only
 * informs: a check that fails keeps what was seen before and touches no scope.
 */
export class PermissionCheck {
  readonly #tools: Tools;
  readonly #source: Source;
  readonly #semaphores: Semaphores;
  #next = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | null = null;

  constructor(tools: Tools, source: Source, semaphores: Semaphores) {
    this.#tools = tools;
    this.#source = source;
    this.#semaphores = semaphores;
  }

  /** Begins a check if one is due; returns at once. The signal ends it. */
  begin(connection: Connection, signal: AbortSignal): void {
    const { clock, random } = this.#tools;
    if (this.#underWay !== null || clock.monotonic() < this.#next) return;
    this.#next = clock.monotonic() + HOUR * (1 + 0.2 * random());
    this.#underWay = this.#check(connection, signal).finally(() => {
      this.#underWay = null;
    });
  }

  /** Resolves when no check is under way. */
  async over(): Promise<void> {
    await this.#underWay;
  }

  async #check(connection: Connection, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#tools;
    const { id, provider } = this.#source;
    const permissions: Permission[] = [];
    try {
      const release = await this.#semaphores.acquire(provider, `${id} permissions`, false, signal);
      try {
        await withDeadline(clock, LONGEST, signal, async (limited) => {
          for await (const found of guarded(() => connection.permissions({ signal: limited }), limited))
            permissions.push({ ...found, message: found.message === null ? null : oneLine(found.message) });
        });
      } finally {
        release();
      }
      await this.#keep(permissions);
    } catch (error) {
      if (signal.aborted) return;
      const { kind, message } = explain(error, id);
      log.info('permissions.not-seen', { source: id, kind, message, ...(kind === 'internal' ? { error } : {}) });
    }
  }

  async #keep(permissions: Permission[]): Promise<void> {
    const { clock, log, store } = this.#tools;
    const { id, provider } = this.#source;
    const denied = [...new Set(permissions.filter(({ state }) => state === 'denied').map(({ action }) => action))];
    const missing = denied.length > 0 ? (provider.policy?.(denied) ?? null) : null;
    const at = new Date(clock.now()).toISOString();
    await store.sawPermissions({ source: id, provider: provider.id, at, permissions, missing });
    log.debug('permissions.seen', { source: id, permissions: permissions.length, denied });
  }
}
