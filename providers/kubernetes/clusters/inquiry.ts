import { backoff, jitter } from '#lib/runtime/backoff.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { type ClusterPriority, type ConnectionSemaphore, createConnectionSemaphore } from './connection-semaphore.ts';
import type { Member } from './members.ts';

/** A cluster that does not answer is asked again after pauses of its own, which double. */
const REST = { firstMs: 5_000, longestMs: 300_000 };
/** But one that answered so lately may be back any moment, and rests no longer than its other scope needs to hear of it. */
const LATELY_MS = 600_000;
const LOST_REST_MS = 1000;
/** Commands that make credentials at once. */
const COMMANDS = 16;
/** A throttled cluster is asked once more, after what it wished for or this. */
const LONGEST_HINT_MS = 10_000;

/** Asks members who they are, and keeps what they said. */
export interface Inquiry {
  /**
   * Asks, with a permit that the caller holds. One that rests is not asked.
   * @throws ProviderError
   */
  ask(member: Member, call: Call): Promise<void>;
  /** Asks quickly, with a permit of its own. One that rests is not asked.  @throws ProviderError */
  identify(member: Member, call: Call): Promise<void>;
}

export function createInquiry(semaphore: ConnectionSemaphore, env: Environment): Inquiry {
  const { clock } = env;
  const random = () => env.random();
  const commands = createConnectionSemaphore(env, COMMANDS);

  async function asked(member: Member, call: Call, quick: boolean): Promise<void> {
    if ('problem' in member.access) throw member.access.problem;
    try {
      member.uid = await member.access.client.uid(call, quick);
      member.assumed = false;
      member.failure = null;
      member.failures = 0;
      member.answeredAt = clock.monotonic();
    } catch (error) {
      call.signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      member.failure = error;
      if (isDead(error)) {
        const rest = isLost(member) ? jitter(LOST_REST_MS, random) : backoff(member.failures++, REST, random);
        member.restsUntil = clock.monotonic() + rest;
      }
      throw error;
    }
  }

  /** It is out of reach, and answered not long ago. */
  const isLost = ({ answeredAt }: Member): boolean => clock.monotonic() - answeredAt < LATELY_MS;

  function throwIfResting({ failure, restsUntil }: Member): void {
    const left = restsUntil - clock.monotonic();
    if (failure === null || !isDead(failure) || left <= 0) return;
    const { kind, place, shortMessage, action } = failure;
    const resting = new ProviderError(kind, place, shortMessage, { retryAfterMs: left, cause: failure });
    throw action === null ? resting : resting.of(action);
  }

  /** Only a throttled cluster is asked again: for all others the next time is never far. */
  async function again(error: unknown, call: Call): Promise<void> {
    if (!(error instanceof ProviderError) || error.kind !== 'rate-limit') throw error;
    await clock.sleep(Math.min(error.retryAfterMs ?? 1000, LONGEST_HINT_MS), call.signal);
  }

  /** False where it was preempted before there was an answer. */
  async function within(priority: ClusterPriority, member: Member, call: Call): Promise<boolean> {
    const permit = await semaphore.acquire(priority, call.signal, true);
    try {
      await asked(member, { signal: AbortSignal.any([call.signal, permit.preempted]) }, true);
      return true;
    } catch (error) {
      call.signal.throwIfAborted();
      if (permit.preempted.aborted) return false;
      throw error;
    } finally {
      permit.release();
    }
  }

  async function identifyOnce(member: Member, call: Call): Promise<void> {
    let priority: ClusterPriority = member.failure
      ? isLost(member)
        ? 'lost'
        : 'unhealthy'
      : member.uid === null
        ? 'new'
        : 'steady';
    while (!(await within(priority, member, call)))
      priority = priority === 'slow' || priority === 'unhealthy' ? 'unhealthy' : 'slow';
  }

  return {
    async ask(member, call) {
      throwIfResting(member);
      await asked(member, call, false).catch(async (error: unknown) => {
        await again(error, call);
        await asked(member, call, false);
      });
    },
    async identify(member, call) {
      if ('problem' in member.access) throw member.access.problem;
      throwIfResting(member);
      const { client } = member.access;
      if (client.ready) {
        const permit = await commands.acquire('steady', call.signal);
        await client.ready(call).finally(() => permit.release());
      }
      await identifyOnce(member, call).catch(async (error: unknown) => {
        await again(error, call);
        await identifyOnce(member, call);
      });
    },
  };
}

/** Nothing of it answers: asking costs the time that the network takes to say nothing. */
const isDead = ({ kind }: ProviderError): boolean => kind === 'network' || kind === 'timeout';
