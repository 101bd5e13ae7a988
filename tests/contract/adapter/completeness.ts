import { expect, it } from 'vitest';
import { emptyBetween, endlessEmpty, overlapping, pagesOf, sameToken, tokenCycle } from '#tests/fakes/paging.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { listScopes, openMock, openRig, read, rowsOf, verdict } from './rig.ts';
import { unless } from './skip.ts';

const uids = (listing: Awaited<ReturnType<typeof read>>) => rowsOf(listing).map((row) => row.uid);

export function completenessTests<C, Row>(c: AdapterCase<C, Row>): void {
  it('finds scopes whose ids are unique and lists each to its end', async () => {
    const { connection, scopes } = await openRig(c);
    expect(new Set(scopes.map((scope) => scope.id)).size).toBe(scopes.length);
    for (const scope of scopes) expect(verdict(await read(connection, scope))).toBe('complete');
  });

  it('lists what its mock lists, field by field', async () => {
    const { connection, scopes, fleet } = await openRig(c);
    const mock = await openMock(c, fleet);
    expect(await listScopes(mock)).toEqual(scopes);
    for (const scope of scopes) {
      const wire = rowsOf(await read(connection, scope));
      expect(rowsOf(await read(mock, scope))).toEqual(wire);
    }
  });

  it('fails where its mock fails, in a fleet with a denied region, a throttled subscription and an unreachable zone', async () => {
    const { connection, scopes, fleet } = await openRig(c, true);
    const mock = await openMock(c, fleet);
    for (const scope of scopes) {
      const wire = await read(connection, scope);
      const mocked = await read(mock, scope);
      expect(verdict(mocked)).toBe(verdict(wire));
      expect(rowsOf(mocked)).toEqual(rowsOf(wire));
    }
  });

  unless(c, 'paging', 'reads every page', async () => {
    const { fake, connection, subject, listRequests } = await openRig(c);
    const whole = await read(connection, subject);
    expect(whole.resources.size).toBeGreaterThanOrEqual(5);
    fake.requests.length = 0;
    fake.paging = pagesOf(2);
    const paged = await read(connection, subject);
    expect(verdict(paged)).toBe('complete');
    expect(uids(paged)).toEqual(uids(whole));
    expect(listRequests().length).toBeGreaterThan(2);
  });

  unless(c, 'paging', 'goes on after an empty page that has a next one', async () => {
    const { fake, connection, subject } = await openRig(c);
    const whole = await read(connection, subject);
    fake.paging = emptyBetween(3);
    const paged = await read(connection, subject);
    expect(verdict(paged)).toBe('complete');
    expect(uids(paged)).toEqual(uids(whole));
  });

  unless(c, 'paging', 'fault 17: counts rows once that stand on two pages', async () => {
    const { fake, connection, subject } = await openRig(c);
    const whole = await read(connection, subject);
    fake.paging = overlapping(3);
    const paged = await read(connection, subject);
    expect(verdict(paged)).toBe('complete');
    expect(uids(paged)).toEqual(uids(whole));
    expect(paged.duplicates).toBeGreaterThan(0);
  });

  unless(c, 'paging', 'fault 18: calls a listing incomplete whose next page is the same for ever', async () => {
    const { fake, connection, subject } = await openRig(c);
    fake.paging = sameToken;
    expect(verdict(await read(connection, subject))).toBe('bad-reply');
  });

  unless(
    c,
    'paging',
    'fault 19: calls a listing incomplete whose pages go in a circle or never hold a row',
    async () => {
      const { fake, connection, subject, listRequests } = await openRig(c);
      fake.paging = tokenCycle;
      expect(verdict(await read(connection, subject))).toBe('bad-reply');
      fake.requests.length = 0;
      fake.paging = endlessEmpty;
      expect(verdict(await read(connection, subject))).toBe('bad-reply');
      expect(listRequests().length).toBeLessThanOrEqual(120);
    },
  );
}
