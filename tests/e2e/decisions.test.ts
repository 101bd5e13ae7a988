import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Item, ResourcePage } from '#lib/api/resources.ts';
import type { Capacity, StackAnswer } from '#lib/api/stack.ts';
import { type RunningApp, startApp } from '#tests/support/running-app.ts';
import { openBrowser, visit } from './browser.ts';

let app: RunningApp;
let browser: Browser;

beforeAll(async () => {
  // Rows change only when the test asks for a listing.
  app = await startApp({ resources: 2000, faults: false, interval: '1h' });
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
const machineOf = async (uid: string): Promise<Item[]> =>
  (await get<StackAnswer>(`resources/${encodeURIComponent(uid)}/stack`)).self.items;
const membersOf = async (uid: string): Promise<string[]> => (await machineOf(uid)).map((item) => item.uid);

/** A server of Nova that libvirt lists as well, and nobody else: both count as provisioned where they are two. */
async function seenTwice(): Promise<Item[]> {
  const { items } = await get<ResourcePage>('resources', { q: 'kind:vm provider:openstack members:2', limit: '100' });
  for (const { uid } of items) {
    const machine = await machineOf(uid);
    if (machine.some(({ provider, vcpus }) => provider === 'libvirt' && vcpus !== null)) return machine;
  }
  throw new Error('the demo fleet has no server that libvirt lists as well');
}

/** Lists these rows again, and resolves when it is done. What a watch keeps current is not listed on demand. */
async function listAgain(rows: readonly Item[]): Promise<void> {
  type Scopes = { scopes: { id: string; generation: number; watched: boolean }[] };
  const read = async () => {
    const { scopes } = await get<Scopes>('scopes');
    return scopes.filter(({ id, watched }) => !watched && rows.some(({ scope }) => scope === id));
  };
  const before = await read();
  expect(before).not.toEqual([]);
  const again = async () => {
    // A refresh of what was listed a moment ago is heard and not followed.
    await fetch(`${app.url}/api/v1/refresh`, {
      method: 'POST',
      headers: { 'x-muster': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ scope: '*' }),
    });
    const now = await read();
    return before.every(({ id, generation }) => now.some((scope) => scope.id === id && scope.generation > generation));
  };
  await expect.poll(again, { timeout: 40_000, interval: 1_000 }).toBe(true);
}

test('a wrong join is split with a reason, counts twice, outlives a re-listing, and can be taken back', async () => {
  const rows = await seenTwice();
  const together = rows.map(({ uid }) => uid);
  const vm = together[0] ?? '';
  const provisioned = async () => (await get<Capacity>('capacity')).figures.provisioned;
  const before = await provisioned();

  const { page, end } = await visit(browser, `${app.url}/stack?uid=${encodeURIComponent(vm)}`);
  const layerRows = page.locator('.stack-layer').first().locator('.layer-row');
  expect(await layerRows.count()).toBe(2);
  await page
    .getByRole('button', { name: /^Split/ })
    .first()
    .click();
  await page.getByRole('textbox', { name: /^Why split/ }).fill('the instance was replaced under its name');
  await page.keyboard.press('Enter');
  await expect.poll(() => layerRows.count()).toBe(1);
  const decided = page.locator('.questions').filter({ hasText: 'Decided' });
  await decided.getByText('the instance was replaced under its name').waitFor();
  // The focus stays where one was reading.
  expect(await page.evaluate(() => document.activeElement?.className)).toContain('stack-view');

  expect(await membersOf(vm)).toEqual([vm]);
  const apart = await provisioned();
  expect(apart).toMatchObject({ counted: before.counted + 1, duplicates: before.duplicates - 1 });
  expect(apart.cpu).toBe((before.cpu ?? 0) + (rows[1]?.vcpus ?? 0));
  await listAgain(rows);
  expect(await membersOf(vm)).toEqual([vm]);
  await page.reload();
  expect(await layerRows.count()).toBe(1);

  await page.goto(`${app.url}/identity?show=decisions`);
  await page.getByText('the instance was replaced under its name').waitFor();
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('heading', { name: 'Nobody has decided anything' }).waitFor();
  await expect.poll(async () => (await membersOf(vm)).toSorted()).toEqual(together.toSorted());
  // The listing brought rows of its own; what was split is a duplicate again.
  expect((await provisioned()).duplicates).toBe(before.duplicates);
  await end();
});
