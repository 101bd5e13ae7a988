import { type Reason, type ScopeState, stateAfter } from '#lib/model/index.ts';
import { backoff } from '#lib/runtime/backoff.ts';
import type { Tools } from '../source.ts';
import { isBreak, type Reconnects } from './reconnect.ts';

/** How long a connection that broke is called lost before its system is called unreachable. */
const GRACE_MS = 60_000;
/** A watch that held this long begins its pauses anew. */
const STEADY_MS = 60_000;
/** What has just come back may refuse for seconds, until it has read its own rules. */
const REFUSALS = 4;

export interface Verdict {
  state: ScopeState;
  reason: Reason;
  /** Milliseconds until the next try. */
  pause: number;
  /** False where the last failure had the same state and message. */
  isNews: boolean;
}

/** What a watch knows of its failures: since when it has no connection, the state that this means, and when to try again. */
export class Outage {
  readonly #tools: Tools;
  readonly #reconnects: Reconnects;
  readonly #interval: number;
  /** It was current at least once. */
  #lived = false;
  #lost: { at: string; moment: number } | null = null;
  #attempt = 0;
  /** Of the last failure; what is lost is one, whatever the kind. */
  #class: Reason['kind'] | 'lost' | null = null;
  /** State and message of the last failure; empty while there is none. */
  #reported = '';

  constructor(tools: Tools, reconnects: Reconnects, interval: number) {
    this.#tools = tools;
    this.#reconnects = reconnects;
    this.#interval = interval;
  }

  /** True from the first failure until the scope is current again. */
  get lasts(): boolean {
    return this.#reported !== '';
  }

  /** The scope is current. */
  over(): void {
    this.#lived = true;
    this.#lost = null;
    this.#reported = '';
    this.#reconnects.over(this);
  }

  /** Nobody tries any more. */
  end(): void {
    this.#reconnects.over(this);
  }

  /** @param held milliseconds that the session lasted */
  fail(reason: Reason, held: number): Verdict {
    const { clock } = this.#tools;
    const { kind } = reason;
    // A proxy whose system is gone may say that it knows no such thing.
    const isLost = isBreak(kind) || (kind === 'unsupported' && this.#lived);
    if (isLost && this.#lived) this.#lost ??= { at: new Date(clock.now()).toISOString(), moment: clock.monotonic() };
    const before = this.#class;
    this.#class = isLost ? 'lost' : kind;
    this.#attempt = held >= STEADY_MS || this.#class !== before ? 0 : this.#attempt + 1;
    const verdict = { state: stateAfter(kind, false), reason, pause: this.#pause(kind, isLost) };
    if (isLost && this.#lost) {
      const { at, moment } = this.#lost;
      if (clock.monotonic() - moment < GRACE_MS) verdict.state = 'reconnecting';
      verdict.reason = { kind, message: `connection lost since ${at}, trying again: ${reason.message}` };
    }
    const report = `${verdict.state} ${verdict.reason.message}`;
    const isNews = report !== this.#reported;
    this.#reported = report;
    return { ...verdict, isNews };
  }

  #pause(kind: Reason['kind'], isLost: boolean): number {
    const { random } = this.#tools;
    const attempt = this.#attempt;
    const isRefused = kind === 'auth' || kind === 'config' || kind === 'permission';
    if (isLost || (isRefused && this.#lost && attempt < REFUSALS)) return this.#reconnects.pause(this, attempt);
    this.#reconnects.over(this);
    // A refused credential is not tried again and again; a refused call may be allowed any moment, but costs a request each time.
    if (kind === 'auth' || kind === 'config')
      return backoff(attempt, { firstMs: 30_000, longestMs: 30 * 60_000 }, random);
    if (kind === 'permission' || kind === 'unsupported')
      return backoff(attempt, { firstMs: 5_000, longestMs: this.#interval }, random);
    return backoff(attempt, { firstMs: 1_000, longestMs: 30_000 }, random);
  }
}
