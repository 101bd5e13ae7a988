import { describe, expect, it } from 'vitest';
import { anyResource } from '#tests/support/resource.ts';
import type { DetailError, DetailField } from './detail.ts';
import { type Batch, CompleteListing, drain } from './listing.ts';
import type { Scope } from './scope.ts';
import { tagsOf } from './tags.ts';

const scope: Scope = {
  id: 's/a/*/instances',
  provider: 'aws',
  source: 's',
  account: 'a',
  region: null,
  part: 'instances',
  kind: 'vm',
  label: 'a',
};
const explain = () => ({ kind: 'network' as const, message: 's/a: unreachable' });
const batch = (...uids: string[]): Batch => ({ resources: uids.map((uid) => anyResource({ uid })), unreadable: [] });

async function* batches(...of: (Batch | Error)[]): AsyncGenerator<Batch> {
  for (const one of of) {
    if (one instanceof Error) throw one;
    yield one;
  }
}

describe('drain', () => {
  it('gives proof for a listing that ended by itself', async () => {
    const listing = await drain(scope, batches(batch('1', '2'), batch('3')), explain);
    expect(listing).toBeInstanceOf(CompleteListing);
    expect([...listing.resources.keys()]).toEqual(['1', '2', '3']);
  });

  it('gives proof for an empty listing that ended by itself', async () => {
    expect(await drain(scope, batches(), explain)).toBeInstanceOf(CompleteListing);
  });

  it('fault 42: keeps what was seen before an error, without proof', async () => {
    const listing = await drain(scope, batches(batch('1'), new Error('reset')), explain);
    expect(listing).not.toBeInstanceOf(CompleteListing);
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'network' } });
    expect([...listing.resources.keys()]).toEqual(['1']);
  });

  it('withholds proof from a listing with a row that could not be read', async () => {
    const unreadable: Batch = { resources: [], unreadable: [{ id: 'i-1', reason: 'State.Name: expected a string' }] };
    const listing = await drain(scope, batches(batch('1'), unreadable), explain);
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'unreadable' } });
  });

  it('fault 17: counts a uid once, however often it is listed', async () => {
    const listing = await drain(scope, batches(batch('1', '2'), batch('1', '2')), explain);
    expect(listing.resources.size).toBe(2);
    expect(listing.duplicates).toBe(2);
  });

  it('forgets what was read of a list that begins anew', async () => {
    const gap: Batch = { ...batch('1'), unreadable: [{ id: null, reason: 'x' }], unknown: new Map([['1', ['zone']]]) };
    const listing = await drain(scope, batches(gap, batch('2', '1'), { ...batch('2', '3'), restart: true }), explain);
    expect(listing).toMatchObject({ complete: true, duplicates: 0 });
    expect([...listing.resources.keys()]).toEqual(['2', '3']);
    expect(listing.unknown.size).toBe(0);
  });

  it('keeps rows as texts and gives back what was put in, key by key', async () => {
    const tags = tagsOf([
      ['__proto__', 'p'],
      ['lone', '\ud800'],
    ]);
    const row = anyResource({ uid: '1', tags, raw: { a: [1, null, '\0'] } });
    const listing = await drain(scope, batches({ resources: [row], unreadable: [] }), explain);
    expect(listing.resources.get('1')).toEqual(row);
    expect([...listing.resources]).toEqual([['1', row]]);
    expect(listing.resources.packed('1')?.raw).toBe('{"a":[1,null,"\\u0000"]}');
    expect(listing.resources.get('2')).toBeUndefined();
  });

  it('fault 5: tells which fields of which rows could not be looked up, as of their last sighting', async () => {
    const unknown = new Map([
      ['1', ['memory'] as const],
      ['2', ['memory'] as const],
    ]);
    const listing = await drain(scope, batches({ ...batch('1', '2', '3'), unknown }, batch('2')), explain);
    expect([...listing.unknown]).toEqual([['1', ['memory']]]);
  });

  it('fault 5, fault 103: tells once which calls failed, since when, and what only they tell', async () => {
    const failing = (call: string, since: string, fields: DetailField[], message: string): DetailError => {
      return { call, fields, kind: 'network', message, since };
    };
    const [early, late] = ['2026-11-21T09:00:00.000Z', '2026-11-21T09:05:00.000Z'];
    const listing = await drain(
      scope,
      batches({ ...batch('1'), detailErrors: [failing('x:Read', late, ['vcpus'], 'answers 500')] }, batch('2'), {
        ...batch('3'),
        detailErrors: [failing('x:Read', early, ['memory'], 'answers 503'), failing('y', late, [], 'z')],
      }),
      explain,
    );
    expect(listing.complete).toBe(true);
    expect(listing.detailErrors).toEqual([
      failing('x:Read', early, ['vcpus', 'memory'], 'answers 503'),
      failing('y', late, [], 'z'),
    ]);
    const again = { ...batch('1'), restart: true };
    const anew = await drain(scope, batches({ ...batch('1'), detailErrors: listing.detailErrors }, again), explain);
    expect(anew.detailErrors).toEqual([]);
  });

  it('cannot be forged', () => {
    const seen = { scope, resources: new Map(), unknown: new Map(), detailErrors: [], duplicates: 0 };
    // @ts-expect-error the key is not reachable from outside
    expect(() => new CompleteListing(Symbol('complete listing'), seen)).toThrow(TypeError);
  });
});
