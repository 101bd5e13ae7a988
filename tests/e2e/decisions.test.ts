import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ResourcePage } from '#lib/query/api.ts';
import type { Capacity, StackAnswer } from '#lib/query/stack-api.ts';
import { type RunningApp, startApp } from '#tests/support/running-app.ts';
import { openBrowser, visit } from './browser.ts';

let app: RunningApp;
let browser: Browser;

beforeAll(async () => {
  // Rows change only when the test asks for a listing.
  app = await startApp({ resources: 600, faults: false, interval: '1h' });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

async function get<T>(address: string, parameters: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(`${app.url}/api/v1/${address}?${new URLSearchParams(parameters)}`);
  return (await answer.json()) as T;
}
const membersOf = async (uid: string): Promise<string[]> =>
  (await get<StackAnswer>(`resources/${encodeURIComponent(uid)}/stack`)).self.items.map((item) => item.uid);

/** Lists everything again, and resolves when every scope has been read once more. */
async function listAgain(): Promise<void> {
  type Scopes = { scopes: { id: string; generation: number; state: string; watched: boolean }[] };
  const before = new Map((await get<Scopes>('scopes')).scopes.map(({ id, generation }) => [id, generation]));
  const answer = await fetch(`${app.url}/api/v1/refresh`, {
    method: 'POST',
    headers: { 'x-muster': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ scope: '*' }),
  });
  expect(answer.status).toBeLessThan(300);
  const later = async () =>
    (await get<Scopes>('scopes')).scopes
      .filter(({ watched }) => !watched)
      .every(({ id, generation }) => generation > (before.get(id) ?? 0));
  await expect.poll(later, { timeout: 30_000 }).toBe(true);
}

test('a wrong join is split with a reason, counts twice, outlives a re-listing, and can be taken back', async () => {
  const page1 = await get<ResourcePage>('resources', { q: 'kind:vm members>=2 provider:aws,gcp,azure', limit: '1' });
  const vm = page1.items[0]?.uid ?? '';
  const together = await membersOf(vm);
  expect(together).toHaveLength(2);
  const { figures } = await get<Capacity>('capacity');

  const { page, end } = await visit(browser, `${app.url}/stack?uid=${encodeURIComponent(vm)}`);
  const decks = page.locator('.deck').first().locator('.deck-row');
  expect(await decks.count()).toBe(2);
  await page
    .getByRole('button', { name: /^Split/ })
    .first()
    .click();
  await page.getByRole('textbox', { name: /^Why split/ }).fill('the instance was replaced under its name');
  await page.keyboard.press('Enter');
  await expect.poll(() => decks.count()).toBe(1);
  const decided = page.locator('.questions').filter({ hasText: 'Decided' });
  await decided.getByText('the instance was replaced under its name').waitFor();
  // The focus stays where one was reading.
  expect(await page.evaluate(() => document.activeElement?.className)).toContain('tower');

  expect(await membersOf(vm)).toEqual([vm]);
  const split = (await get<Capacity>('capacity')).figures;
  expect(split.provisioned.folded + split.allocatable.folded).toBeLessThanOrEqual(
    figures.provisioned.folded + figures.allocatable.folded,
  );
  await listAgain();
  expect(await membersOf(vm)).toEqual([vm]);
  await page.reload();
  expect(await decks.count()).toBe(1);

  await page.goto(`${app.url}/identity?show=decisions`);
  await page.getByText('the instance was replaced under its name').waitFor();
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('heading', { name: 'Nobody has decided anything' }).waitFor();
  await expect.poll(async () => (await membersOf(vm)).toSorted()).toEqual(together.toSorted());
  await end();
});
