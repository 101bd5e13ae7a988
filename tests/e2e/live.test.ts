import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { namesOf, openBrowser, rowsOf, totalOf, untilLive, visit } from './browser.ts';
import { machines, ownStore } from './own-store.ts';
import { startWeb, type Web } from './web.ts';

let store: Awaited<ReturnType<typeof ownStore>>;
let web: Web;
let browser: Browser;

beforeAll(async () => {
  store = await ownStore();
  web = await startWeb(store.folder);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await store?.close();
});
const fleet = machines('m', 1, 600);

const listed = async (total: number) => {
  const answer = (await (await fetch(`${web.url}/api/v1/resources?limit=1`)).json()) as { total: number };
  expect(answer.total).toBe(total);
};

test('before the first listing the page says what it waits for, and rows follow without a reload', async () => {
  const { page, end } = await visit(browser, web.url);
  await page.getByRole('heading', { name: 'First listing' }).waitFor();
  expect(await page.getByRole('progressbar').getAttribute('value')).toBe('0');
  await untilLive(page);
  await store.list(fleet);
  await rowsOf(page).first().waitFor();
  expect(await totalOf(page)).toBe(600);
  await end();
});

async function settled(): Promise<void> {
  await store.list(fleet);
  await expect.poll(() => listed(600)).toBeUndefined();
}
const topOf = async (page: Page, uid: string) => (await page.locator(`[data-uid="${uid}"]`).boundingBox())?.y;

test('a change of one row is shown by itself, and the row is highlighted', async () => {
  await settled();
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  const row = page.locator('[data-uid="m-0003"]');
  const highlighted = page.locator('[data-uid="m-0003"].is-highlighted').waitFor();
  await store.list(
    fleet.map((one) => (one.uid === 'm-0003' ? { ...one, state: 'failed', nativeState: 'broken' } : one)),
  );
  await row.getByText('failed').waitFor();
  await highlighted;
  await end();
});

test('rows that come above do not move the row one reads', async () => {
  await settled();
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.locator('[data-scroller]').evaluate((element) => {
    element.scrollTop = 34 * 300;
  });
  const reading = page.locator('[data-uid="m-0310"]');
  await reading.waitFor();
  const before = await topOf(page, 'm-0310');
  await store.list([...machines('a', 1, 25), ...fleet]);
  await expect.poll(() => totalOf(page)).toBe(625);
  await expect.poll(() => reading.getAttribute('aria-rowindex')).toBe(String(310 + 25 + 1));
  await expect.poll(() => topOf(page, 'm-0310')).toBe(before);
  await end();
});

test('at the top with the pointer on a row or a row open nothing moves; with nothing in hand new rows push in', async () => {
  await settled();
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.locator('[data-uid="m-0004"]').hover();
  const before = await topOf(page, 'm-0004');
  await store.list([...machines('a', 1, 3), ...fleet]);
  await expect.poll(() => totalOf(page)).toBe(603);
  await expect.poll(() => page.locator('[data-uid="m-0004"]').getAttribute('aria-rowindex')).toBe('8');
  await expect.poll(() => topOf(page, 'm-0004')).toBe(before);
  await page.mouse.move(10, 500);
  await page.locator('[data-scroller]').evaluate((element) => {
    element.scrollTop = 0;
  });
  await expect.poll(async () => (await namesOf(page))[0]).toBe('a-0001');
  await store.list([...machines('0', 1, 2), ...machines('a', 1, 3), ...fleet]);
  await expect.poll(async () => (await namesOf(page))[0]).toBe('0-0001');
  await end();
});

test('the focus stays on its row when rows come above it', async () => {
  await settled();
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.locator('[data-uid="m-0001"]').focus();
  await page.keyboard.press('ArrowDown');
  await store.list([...machines('a', 1, 5), ...fleet]);
  await expect.poll(() => page.locator('[data-uid="m-0002"]').getAttribute('aria-rowindex')).toBe('8');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-uid'))).toBe('m-0002');
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-uid'))).toBe('m-0003');
  await end();
});

test('an open resource that disappears says since when, and stays open', async () => {
  await settled();
  const { page, end } = await visit(browser, `${web.url}/?r=m-0005`);
  await untilLive(page);
  await store.list(fleet.filter(({ uid }) => uid !== 'm-0005'));
  const detail = page.getByRole('complementary', { name: 'Resource' });
  await detail.getByText(/^Removed/).waitFor();
  expect(await page.locator('[data-uid="m-0005"]').count()).toBe(0);
  await end();
});

const stale = (page: Page) => page.getByRole('alert').filter({ hasText: 'does not answer' });

test('fault 88: while the browser is offline the page says how old what it shows is, and catches up afterwards', async () => {
  await settled();
  const { page, end } = await visit(browser, 'about:blank');
  await page.clock.install();
  await page.goto(web.url);
  await untilLive(page);
  await page.context().setOffline(true);
  await page.getByText(/^not live/).waitFor();
  await page.clock.fastForward(120_000);
  await stale(page).waitFor();
  expect(await stale(page).textContent()).toMatch(/2 min old/);
  expect(await rowsOf(page).count()).toBeGreaterThan(20);
  await store.list(machines('m', 1, 590));
  await page.context().setOffline(false);
  await untilLive(page);
  await expect.poll(() => totalOf(page)).toBe(590);
  expect(await stale(page).count()).toBe(0);
  await end();
});

test('fault 88: when the server goes away the page keeps its rows, says so, and follows the next server', async () => {
  await settled();
  const { page, end } = await visit(browser, 'about:blank');
  await page.clock.install();
  const port = Number(new URL(web.url).port);
  await page.goto(web.url);
  await untilLive(page);
  await web.stop();
  await page.getByText(/^not live/).waitFor();
  await page.clock.fastForward(3_600_000);
  await stale(page).waitFor();
  expect(await stale(page).textContent()).toMatch(/1 h old/);
  expect(await rowsOf(page).count()).toBeGreaterThan(20);
  await store.list(machines('m', 1, 580));
  web = await startWeb(store.folder, port);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await untilLive(page);
  await expect.poll(() => totalOf(page)).toBe(580);
  await end();
});

test('fault 88: a part of the page that an update took away leads to a page that says to reload, and reloading helps', async () => {
  await settled();
  const { page, problems } = await visit(browser, web.url);
  await untilLive(page);
  await page.route('**/_next/static/chunks/**', (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('heading', { name: 'This page could not be drawn' }).waitFor();
  await page.unroute('**/_next/static/chunks/**');
  await page.getByRole('button', { name: 'Reload' }).click();
  await rowsOf(page).first().waitFor();
  await untilLive(page);
  // The loss itself is told by the browser; nothing else may go wrong.
  expect(problems.filter((problem) => !/chunk|MIME|module/i.test(problem))).toEqual([]);
});
