import { expect, it } from 'vitest';
import { openFleet } from '#lib/demo/index.ts';
import { drain, type Listing } from '#lib/model/index.ts';
import { gcp } from '#providers/gcp/index.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { GCP_TOKEN, gcpCloud } from '#tests/fakes/gcp.ts';
import { startFake } from '#tests/fakes/server.ts';
import { silentLogger as log } from '#tests/support/log.ts';

/** Uniform in [0, 1), the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

// The catalogue asks for at most 1.3 times the requests; where 30 % fail, asking each again until it succeeds needs 1 / 0.7 = 1.43 times.
it('fault 2: an hour in which 30 % of all requests are throttled or fail ends with every scope complete, by 1.6 times the requests at most', async () => {
  const clock = testClock();
  const fleet = openFleet({ seed: 3, resources: 2000, faults: false });
  const fake = await startFake(gcpCloud(), { fleet, now: clock.now });
  const random = seeded(7);
  let faulty = false;
  fake.script({
    when: () => faulty && random() < 0.3,
    reply: () => ({ status: random() < 0.5 ? 429 : 503, headers: { 'retry-after': '2' }, body: '{}' }),
  });
  const projects = fleet.accounts('gcp').map(({ id }) => id);
  const config = gcp.config.parse({ projects, endpoint: fake.url, token: GCP_TOKEN });
  const call = { signal: new AbortController().signal };

  async function hour(): Promise<{ last: Map<string, Listing>; complete: number; requests: number }> {
    const connection = await (await gcp.load()).open(config, { source: 'g', clock, log, random });
    const before = fake.requests.length;
    const last = new Map<string, Listing>();
    let complete = 0;
    for (let run = 0; run < 12; run++) {
      for await (const scope of connection.scopes(call)) {
        const listing = await drain(scope, connection.list(scope, call), () => ({
          kind: 'network',
          message: 'failed',
        }));
        if (listing.complete) complete++;
        if (listing.complete || !last.has(scope.id)) last.set(scope.id, listing);
      }
      clock.advance(5 * 60_000);
    }
    await connection.close();
    return { last, complete, requests: fake.requests.length - before };
  }

  const calm = await hour();
  faulty = true;
  const stormy = await hour();
  await fake.close();
  expect(stormy.last.size).toBe(projects.length);
  for (const listing of stormy.last.values()) expect(listing.complete).toBe(true);
  // Most runs get through: three attempts a request.
  expect(stormy.complete).toBeGreaterThan(0.85 * calm.complete);
  expect(stormy.requests).toBeLessThan(1.6 * calm.requests);
});
