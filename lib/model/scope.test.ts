import { describe, expect, it } from 'vitest';
import { type ScopeStatus, scopeId, scopeStateAt } from './scope.ts';

const MINUTE = 60_000;
const status = (fields: Partial<ScopeStatus>): ScopeStatus => ({
  id: 's/a/*/pods',
  provider: 'kubernetes',
  source: 's',
  account: 'a',
  region: null,
  part: 'pods',
  kind: 'container',
  label: 'a',
  state: 'fresh',
  reason: null,
  since: null,
  lastAttempt: null,
  lastSuccess: new Date(10 * MINUTE).toISOString(),
  generation: 1,
  count: 1,
  unreadable: 0,
  held: 0,
  detailErrors: [],
  watched: false,
  interval: 5 * MINUTE,
  ...fields,
});

describe('scopes', () => {
  it('never gives two scopes one id', () => {
    expect(scopeId('a/b', 'c', null, 'd')).not.toBe(scopeId('a', 'b/c', null, 'd'));
    expect(scopeId('a%2Fb', 'c', null, 'd')).not.toBe(scopeId('a/b', 'c', null, 'd'));
  });

  it('turns stale by age alone, at twice the interval', () => {
    expect(scopeStateAt(status({}), 20 * MINUTE)).toBe('fresh');
    expect(scopeStateAt(status({}), 20 * MINUTE + 1)).toBe('stale');
  });

  it('fault 93: is not stale when the clock has jumped back', () => {
    expect(scopeStateAt(status({}), 0)).toBe('fresh');
  });

  it('says denied as long as it is, however old', () => {
    expect(scopeStateAt(status({ state: 'denied' }), 900 * MINUTE)).toBe('denied');
  });
});
