import { expect, test } from 'vitest';
import { collectManyContexts } from '#tests/support/kubernetes/many-contexts.ts';

test('fault 44: of 300 contexts the 200 dead ones hold up no live one, over 32 connections at most', async () => {
  const { rows, connections, discovering } = await collectManyContexts(100, 200, 2);
  expect(rows).toHaveLength(100);
  // The dead were still being tried when the last live one had its rows.
  expect(discovering).toBe(true);
  expect(connections).toBeLessThanOrEqual(32);
  expect(connections).toBeGreaterThan(8);
});
