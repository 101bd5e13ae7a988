import type { Scope } from '#lib/model/index.ts';
import type { Claims } from './claims.ts';
import { jitter } from './jitter.ts';
import type { Refresh, ScopeTask } from './scope-task.ts';
import type { Tools } from './source.ts';

/** How often a scope that another source lists asks whether it still does. */
const ASK_MS = 60_000;

/** Runs a task once no other source lists the same; until then the scope says who does and has no rows of its own. */
export class ClaimedTask implements ScopeTask {
  readonly #tools: Tools;
  readonly #claims: Claims;
  readonly #task: ScopeTask;
  #runs = false;

  constructor(tools: Tools, claims: Claims, task: ScopeTask) {
    this.#tools = tools;
    this.#claims = claims;
    this.#task = task;
  }

  get scope(): Scope {
    return this.#task.scope;
  }

  set scope(scope: Scope) {
    this.#task.scope = scope;
  }

  refresh(): Refresh {
    return this.#runs ? this.#task.refresh() : 'coalesced';
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#tools;
    let said: string | null = null;
    for (;;) {
      const holder = this.#claims.take(this.scope);
      if (holder === this.scope.source) break;
      if (holder !== said) await this.#say(holder);
      said = holder;
      await clock.sleep(jitter(ASK_MS, random), signal);
    }
    this.#runs = true;
    await this.#task.run(signal);
  }

  async #say(holder: string): Promise<void> {
    const { store, clock, log } = this.#tools;
    const { scope } = this;
    log.info('scope.elsewhere', { scope: scope.id, source: holder });
    const message = `${scope.label}: listed by source ${holder}`;
    // Where the store fails, it has said so itself, and the scope stays as it was.
    await store.mark(scope.id, 'fresh', { kind: 'elsewhere', message }, clock.now()).catch(() => {});
  }
}
