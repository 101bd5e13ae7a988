import { expect, it } from 'vitest';
import { pagesOf } from '#tests/fakes/paging.ts';
import { startFake } from '#tests/fakes/server.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { openRig, read, verdict } from './rig.ts';
import { unless } from './skip.ts';

const PORTAL = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the hotel</body></html>';

export function replyTests<C, Row>(c: AdapterCase<C, Row>): void {
  it.each([
    ['a captive portal', PORTAL, 'text/html'],
    ['HTML without a doctype', '<html><body>log in</body></html>', 'text/html'],
    ['an empty body', '', 'application/json'],
    ['null', 'null', 'application/json'],
    ['an empty list', '[]', 'application/json'],
    ['a text', '"ok"', 'application/json'],
  ])('fault 13: takes %s with status 200 for an error, not for an empty fleet', async (_, body, type) => {
    const { fake, connection, subject } = await openRig(c);
    fake.script({
      when: (request) => c.isListOf(subject, request),
      reply: { headers: { 'content-type': type }, body },
    });
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('bad-reply');
    expect(listing.resources.size).toBe(0);
  });

  unless(c, 'missing-list', 'fault 14: takes an answer without the list for an error, not for zero', async () => {
    const { fake, connection, subject } = await openRig(c);
    fake.script({
      when: (request) => c.isListOf(subject, request),
      reply: (request) => c.replies.withoutList(request),
    });
    expect(verdict(await read(connection, subject))).toBe('bad-reply');
  });

  it('fault 12: takes a body that ends in the middle for an error and does not repeat it in full', async () => {
    const { fake, connection, subject } = await openRig(c);
    fake.script({
      when: (request) => c.isListOf(subject, request),
      reply: async (_, real) => {
        const reply = await real();
        const body = Buffer.from(reply.body ?? '');
        return { ...reply, body: body.subarray(0, Math.floor(body.length / 2)) };
      },
    });
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe(c.kinds?.truncated ?? 'bad-reply');
    expect(listing.complete ? '' : listing.reason.message.length).toBeLessThan(400);
  });

  unless(c, 'redirect', 'fault 22: does not follow a redirect and names the host', async () => {
    const { fake, connection, subject, fleet } = await openRig(c);
    const trap = await startFake({ action: () => 'trap', answer: () => ({ body: '{}' }) }, { fleet, now: () => 0 });
    try {
      for (const status of [301, 302, 307, 308]) {
        fake.script({
          when: (request) => c.isListOf(subject, request),
          reply: { status, headers: { location: `${trap.url}/elsewhere` } },
          times: 1,
        });
        const listing = await read(connection, subject);
        expect(verdict(listing)).toBe('bad-reply');
        expect(listing.complete ? '' : listing.reason.message).toContain(new URL(fake.url).hostname);
      }
      expect(trap.requests).toEqual([]);
    } finally {
      await trap.close();
    }
  });

  unless(c, 'foreign-link', 'fault 21: does not follow a next page to another host', async () => {
    const { fake, connection, subject, fleet } = await openRig(c);
    const trap = await startFake({ action: () => 'trap', answer: () => ({ body: '{}' }) }, { fleet, now: () => 0 });
    try {
      fake.paging = pagesOf(2);
      for (const elsewhere of [trap.url, 'http://169.254.169.254/latest', 'https://example.invalid/next']) {
        fake.script({
          when: (request) => c.isListOf(subject, request),
          reply: c.replies.foreignNext?.(elsewhere) ?? {},
          times: 1,
        });
        expect(verdict(await read(connection, subject))).toBe('bad-reply');
      }
      expect(trap.requests).toEqual([]);
    } finally {
      await trap.close();
    }
  });
}
