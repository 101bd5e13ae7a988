import { expect, it } from 'vitest';
import type { Listing } from '#lib/model/index.ts';
import { pagesOf } from '#tests/fakes/paging.ts';
import { type FakeRequest, json, type Reply } from '#tests/fakes/server.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { openRig, read } from './rig.ts';

const LOGIN: Reply = { headers: { 'content-type': 'text/html' }, body: '<html><body>log in</body></html>' };
const EXPECTED = /: expected .+, got:? .+/;

/** An error names the place, the call and its page, and what came in place of what was expected. */
export function placeTests<C, Row>(c: AdapterCase<C, Row>): void {
  const nameOf = (action: string): string => c.callOf?.(action) ?? action;
  const ofAnother: readonly (readonly [string, (request: FakeRequest) => Reply, RegExp])[] = [
    ['a web page', () => LOGIN, EXPECTED],
    ['an object of another kind', () => json({ message: 'try again', code: 7 }), EXPECTED],
    ['a service that is not there', () => c.replies.unavailable(), /: .+/],
  ];
  const ofList = [
    ...ofAnother,
    ['without its list', (request: FakeRequest) => c.replies.withoutList(request), EXPECTED] as const,
    ['a denial', () => c.replies.denied(), /: .+/] as const,
  ];

  it.each(ofList)('fault 114: says which page of which call was %s', async (_, reply, expected) => {
    const { fake, connection, subject } = await openRig(c);
    fake.paging = pagesOf(2);
    // Where there are no pages, the first answer is all.
    const broken = c.skip?.paging ? 1 : 2;
    let page = 0;
    let call = '';
    fake.script({
      when: (request) => c.isListOf(subject, request) && ++page >= broken,
      reply: (request) => {
        call = nameOf(request.action);
        return reply(request);
      },
    });
    const message = messageOf(await read(connection, subject));
    const where = c.skip?.paging ? `: ${call}: ` : `: ${call}, page ${broken}: `;
    expect(message).toContain(where);
    expect(message).toMatch(expected);
    expect(message.length).toBeLessThan(400);
  });

  for (const detail of c.details)
    it.each(ofAnother)(`fault 114: says that it was ${detail}, and no list, that was %s`, async (_, reply) => {
      const { fake, connect, scopes, logs } = await openRig(c);
      const connection = await connect();
      fake.script({ when: ({ action }) => action === detail, reply });
      const messages: string[] = [];
      for (const scope of scopes) messages.push(messageOf(await read(connection, scope)));
      const call = nameOf(detail);
      for (const message of messages.filter((text) => text !== ''))
        expect(
          [`: ${call}: `, `: ${call}, page 1: `].some((where) => message.includes(where)),
          message,
        ).toBe(true);
      if (!c.idleDetails?.includes(detail)) expect([...messages, ...logs].join('\n')).toContain(call);
    });
}

const messageOf = (listing: Listing): string => (listing.complete ? '' : listing.reason.message);
