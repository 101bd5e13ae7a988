import type { Scope } from '#lib/model/index.ts';
import type { Tools } from '../source.ts';
import { ListTask, type ListTaskOptions, type Refresh, type ScopeTask } from './scope-task.ts';
import { WatchTask, type WatchTaskOptions, WatchUnsupported } from './watch-task.ts';

/** Watches a scope; lists it on its schedule instead where its connection turns out to have no watches. */
export class LiveTask implements ScopeTask {
  readonly #tools: Tools;
  readonly #options: ListTaskOptions;
  #task: ScopeTask;

  constructor(tools: Tools, scope: Scope, options: ListTaskOptions & WatchTaskOptions) {
    this.#tools = tools;
    this.#options = options;
    this.#task = new WatchTask(tools, scope, options);
  }

  get scope(): Scope {
    return this.#task.scope;
  }

  set scope(scope: Scope) {
    this.#task.scope = scope;
  }

  refresh(): Refresh {
    return this.#task.refresh();
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#task.run(signal);
    } catch (error) {
      if (!(error instanceof WatchUnsupported)) throw error;
      this.#tools.log.info('watch.unsupported', { scope: this.scope.id, message: error.message });
      this.#task = new ListTask(this.#tools, this.scope, { ...this.#options, delay: 0 });
      await this.#task.run(signal);
    }
  }
}
