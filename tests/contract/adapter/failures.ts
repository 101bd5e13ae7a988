import { expect, it } from 'vitest';
import { pagesOf } from '#tests/fakes/paging.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { openRig, read, rowsOf, verdict } from './rig.ts';
import { unless } from './skip.ts';

/** Attempts that one page is worth. */
const ATTEMPTS = 3;

export function failureTests<C, Row>(c: AdapterCase<C, Row>): void {
  it('fault 1: waits as long as it was asked to, then reads the same page', async () => {
    const { fake, connection, subject, clock, listRequests } = await openRig(c);
    fake.paging = pagesOf(4);
    const whole = await read(connection, subject);
    const calm = listRequests().length;
    fake.requests.length = 0;
    const before = clock.sleeps.length;
    fake.script({ when: (request) => c.isListOf(subject, request), reply: c.replies.throttled(7), times: 2 });
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('complete');
    expect(rowsOf(listing)).toEqual(rowsOf(whole));
    expect(listRequests().length).toBe(calm + 2);
    const waits = clock.sleeps.slice(before);
    expect(waits.length).toBe(2);
    if (!c.skip?.hint) expect(Math.min(...waits)).toBeGreaterThanOrEqual(7000);
  });

  it('fault 1: gives up after three throttled attempts and says so', async () => {
    const { fake, connection, subject, bystander, listRequests } = await openRig(c);
    fake.script({ when: (request) => c.isListOf(subject, request), reply: c.replies.throttled(1) });
    expect(verdict(await read(connection, subject))).toBe('rate-limit');
    expect(listRequests().length).toBe(ATTEMPTS);
    expect(verdict(await read(connection, bystander))).toBe('complete');
  });

  it('fault 3: tries an unavailable service again, then leaves that scope incomplete and the others alone', async () => {
    const { fake, connection, subject, bystander, listRequests } = await openRig(c);
    const fails = {
      when: (r: Parameters<typeof c.isListOf>[1]) => c.isListOf(subject, r),
      reply: c.replies.unavailable(),
    };
    fake.script({ ...fails, times: 1 });
    expect(verdict(await read(connection, subject))).toBe('complete');
    fake.script(fails);
    fake.requests.length = 0;
    expect(verdict(await read(connection, subject))).toBe(c.kinds?.unavailable ?? 'network');
    expect(listRequests().length).toBe(ATTEMPTS);
    expect(verdict(await read(connection, bystander))).toBe('complete');
  });

  it('fault 4: says who was denied, does not try again, and leaves the other scopes alone', async () => {
    const { fake, connection, subject, bystander, listRequests } = await openRig(c);
    fake.script({ when: (request) => c.isListOf(subject, request), reply: c.replies.denied() });
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('permission');
    expect(listing.resources.size).toBe(0);
    expect(listRequests().length).toBe(1);
    expect(verdict(await read(connection, bystander))).toBe('complete');
  });

  it('fault 6: renews an expired credential once and never stitches pages of two credentials', async () => {
    const { fake, connection, subject, listRequests } = await openRig(c);
    fake.paging = pagesOf(3);
    const whole = await read(connection, subject);
    const calm = listRequests().length;
    fake.requests.length = 0;
    // Where there are no pages it is the whole list that is refused.
    const refused = c.skip?.paging ? 1 : 2;
    let page = 0;
    fake.script({
      when: (request) => c.isListOf(subject, request) && ++page === refused,
      reply: c.replies.expired(),
      times: 1,
    });
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('complete');
    expect(rowsOf(listing)).toEqual(rowsOf(whole));
    // What the first attempt had read is void.
    expect(listing.duplicates).toBe(0);
    // The pages of the first attempt, all of the second.
    expect(listRequests().length).toBe(calm + refused);
  });

  it('fault 6: calls a listing incomplete whose renewed credential is refused too', async () => {
    const { fake, connection, subject } = await openRig(c);
    fake.script({ when: (request) => c.isListOf(subject, request), reply: c.replies.expired() });
    expect(verdict(await read(connection, subject))).toBe('auth');
  });

  unless(
    c,
    'paging',
    'fault 10: reads a page again whole whose connection broke, and keeps nothing of the half',
    async () => {
      const { fake, connection, subject } = await openRig(c);
      fake.paging = pagesOf(3);
      const whole = await read(connection, subject);
      let page = 0;
      fake.script({
        when: (request) => c.isListOf(subject, request) && ++page === 2,
        reply: async (_, real) => ({ ...(await real()), end: 'reset' }),
        times: 1,
      });
      const listing = await read(connection, subject);
      expect(verdict(listing)).toBe('complete');
      expect(rowsOf(listing)).toEqual(rowsOf(whole));
      expect(listing.duplicates).toBe(0);
    },
  );

  it.each(['stall', 'silent'] as const)('fault 11: ends with a timeout when an answer is %s', async (end) => {
    const { fake, connect, subject } = await openRig(c);
    const impatient = await connect({ timeout: 0.25 });
    fake.script({
      when: (request) => c.isListOf(subject, request),
      reply: async (_, real) => ({ ...(await real()), end }),
    });
    expect(verdict(await read(impatient, subject))).toBe('timeout');
  });

  unless(c, 'wrong-account', 'fault 100: refuses the credential of another account before it lists', async () => {
    const { fake, connect, subject, listRequests } = await openRig(c);
    c.asWrongAccount?.(fake);
    const connection = await connect();
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('config');
    expect(listing.resources.size).toBe(0);
    if (!c.accountInList) expect(listRequests()).toEqual([]);
  });
}
