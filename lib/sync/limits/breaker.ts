import type { Reason } from '#lib/model/index.ts';
import { type Backoff, backoff, type Random } from '#lib/runtime/backoff.ts';
import type { Clock } from '#providers/contract.ts';

const FAILURES_TO_OPEN = 5;
const LONGEST_PAUSE = 30 * 60_000;
/** Successes after a pause until the account is trusted again: an endpoint that flaps must not get five tries each time. */
const PROBATION = 3;

/** `run`: go ahead. `probe`: go ahead alone, to find out. `wait`: not now. */
export type Admission = 'run' | 'probe' | 'wait';

/** What a run shows of the account, not of its scope: a denied region or a refused call was answered, after all. */
function verdict(kind: Reason['kind'] | null): 'good' | 'bad' | 'fatal' | 'none' {
  switch (kind) {
    case null:
    case 'permission':
    case 'unsupported':
    case 'disabled':
    case 'partial':
    case 'unreadable':
    case 'held':
    case 'other-source':
      return 'good';
    case 'auth':
      return 'fatal';
    case 'timeout':
    case 'network':
    case 'bad-reply':
    case 'config':
    case 'deadline':
    case 'internal':
      return 'bad';
    case 'rate-limit':
    case 'cancelled':
      return 'none';
    default:
      return kind satisfies never;
  }
}

/**
 * Spares an account that does not answer. Opens after five failures in a row without any success in the account, or at once when a
 * credential is refused; then one run at a time probes, after pauses that double up to 30 minutes. A scope that has not failed
 * itself is never held back by the failures of the others.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #pauses: Backoff;
  #failures = 0;
  #probation = 0;
  /** Pauses in a row. */
  #trips = 0;
  #openUntil: number | null = null;
  #probing = false;

  /** @param firstMs its first pause */
  constructor(clock: Clock, random: Random, firstMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#pauses = { firstMs, longestMs: LONGEST_PAUSE };
  }

  get open(): boolean {
    return this.#openUntil !== null;
  }

  /** @param healthy the scope has not failed since its last success  @param asked a person asks for it now */
  admit(healthy: boolean, asked: boolean): Admission {
    if (this.#openUntil === null || healthy) return 'run';
    if (this.#probing || (!asked && this.#clock.monotonic() < this.#openUntil)) return 'wait';
    this.#probing = true;
    return 'probe';
  }

  /** @param kind null for a complete listing */
  report(admission: Admission, kind: Reason['kind'] | null): void {
    if (admission === 'probe') this.#probing = false;
    const shown = verdict(kind);
    if (shown === 'good') this.#good(admission);
    else if (shown === 'fatal') this.#trip();
    else if (shown === 'bad') {
      this.#failures++;
      if (admission === 'probe' || this.#probation > 0 || this.#failures >= FAILURES_TO_OPEN) this.#trip();
    } else if (admission === 'probe')
      this.#openUntil = this.#clock.monotonic() + backoff(this.#trips, this.#pauses, this.#random);
  }

  #good(admission: Admission): void {
    this.#failures = 0;
    if (this.#openUntil !== null) {
      this.#openUntil = null;
      // A scope that was never held back has shown that the account itself is well.
      if (admission === 'probe') this.#probation = PROBATION;
      else this.#trips = 0;
    } else if (this.#probation > 0 && --this.#probation === 0) this.#trips = 0;
  }

  #trip(): void {
    const now = this.#clock.monotonic();
    // Runs that were under way when it opened say nothing new.
    if (this.#openUntil !== null && now < this.#openUntil) return;
    this.#probation = 0;
    this.#openUntil = now + backoff(this.#trips++, this.#pauses, this.#random);
  }
}
