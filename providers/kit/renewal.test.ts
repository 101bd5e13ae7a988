import { describe, expect, it } from 'vitest';
import { type Batch, drain, type Scope } from '#lib/model/index.ts';
import { anyResource } from '#tests/support/resource.ts';
import { ProviderError } from '../contract.ts';
import { withRenewal } from './renewal.ts';

const scope = { id: 's/a/*/instances', label: 'a' } as Scope;
const batch = (...uids: string[]): Batch => ({ resources: uids.map((uid) => anyResource({ uid })), unreadable: [] });
const explain = () => ({ kind: 'auth' as const, message: 'refused' });

describe('renewal of a credential', () => {
  it('fault 6: forgets what the refused credential had brought', async () => {
    let renewed = 0;
    async function* list(): AsyncGenerator<Batch> {
      if (renewed > 0) return yield batch('2', '3');
      yield batch('1', '2');
      throw new ProviderError('auth', 'a', 'expired');
    }
    const listing = await drain(
      scope,
      withRenewal(list, () => {
        renewed++;
      }),
      explain,
    );
    expect(listing).toMatchObject({ complete: true, duplicates: 0 });
    expect([...listing.resources.keys()]).toEqual(['2', '3']);
  });

  it('renews for nothing but a refused credential, and only once', async () => {
    let renewed = 0;
    const failing = (kind: 'auth' | 'permission') =>
      drain(
        scope,
        withRenewal(
          // biome-ignore lint/correctness/useYield: it fails before its first page
          async function* () {
            throw new ProviderError(kind, 'a', 'refused');
          },
          () => {
            renewed++;
          },
        ),
        explain,
      );
    expect((await failing('permission')).complete).toBe(false);
    expect(renewed).toBe(0);
    expect((await failing('auth')).complete).toBe(false);
    expect(renewed).toBe(1);
  });
});
