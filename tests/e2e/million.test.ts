import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ResourcePage } from '#lib/api/resources.ts';
import { openBrowser, rowsOf, untilLive, visit } from './browser.ts';
import { machines, ownStore } from './own-store.ts';
import { startWeb, type Web } from './web.ts';

const MILLION = 1_000_000;
let store: Awaited<ReturnType<typeof ownStore>>;
let web: Web;
let browser: Browser;

beforeAll(async () => {
  store = await ownStore();
  await store.list(machines('m', 1, 200));
  web = await startWeb(store.folder);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await store?.close();
});

/** The answers of a fleet of a million, made on the wire from the rows of a small one. */
async function answerAsMillion(page: Page): Promise<void> {
  const { items, ...rest } = (await (await fetch(`${web.url}/api/v1/resources?limit=100`)).json()) as ResourcePage;
  await page.route(/\/api\/v1\/resources\?/, (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get('offset') ?? 0);
    const rows = items.slice(0, Math.max(0, MILLION - offset)).map((item, i) => ({
      ...item,
      uid: `row-${offset + i}`,
      name: `row-${offset + i}`,
    }));
    return route.fulfill({ json: { ...rest, total: MILLION, items: rows } });
  });
}

test('of a million rows every place can be reached: ends, middle, and row by row by wheel and key', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await answerAsMillion(page);
  await page.getByRole('combobox', { name: 'Filter' }).fill('m');
  await page.locator('[data-uid="row-0"]').waitFor();
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(MILLION + 1));
  const scroller = page.locator('[data-scroller]');
  // Browsers stop laying out somewhere above 16 million pixels; a million rows are 34 million.
  expect(await scroller.evaluate((element) => element.scrollHeight)).toBeLessThan(16_000_000);

  await scroller.evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  const last = page.locator(`[data-uid="row-${MILLION - 1}"]`);
  await last.waitFor();
  expect(await last.getAttribute('aria-rowindex')).toBe(String(MILLION + 1));
  const inside = await last.evaluate(
    (row) => row.getBoundingClientRect().bottom - (row.closest('[data-scroller]')?.getBoundingClientRect().bottom ?? 0),
  );
  expect(Math.abs(inside)).toBeLessThan(2);

  await scroller.evaluate((element) => {
    element.scrollTop = (element.scrollHeight - element.clientHeight) / 2;
  });
  await expect
    .poll(async () => Math.abs(Number((await rowsOf(page).nth(20).getAttribute('aria-rowindex')) ?? 0) - MILLION / 2))
    .toBeLessThan(100);

  const row = rowsOf(page).nth(20);
  const uid = await row.getAttribute('data-uid');
  const top = (await row.boundingBox())?.y ?? 0;
  await row.hover();
  await page.mouse.wheel(0, 68);
  await expect
    .poll(async () => Math.round(top - ((await page.locator(`[data-uid="${uid}"]`).boundingBox())?.y ?? 0)))
    .toBe(68);

  await page.locator(`[data-uid="${uid}"]`).click();
  await page.keyboard.press('ArrowDown');
  const next = `row-${Number(uid?.slice(4)) + 1}`;
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-uid'))).toBe(next);
  await end();
});

test('scrolling from end to end keeps only the rows in sight, and leaves no gap at the end', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await answerAsMillion(page);
  await page.getByRole('combobox', { name: 'Filter' }).fill('m');
  await page.locator('[data-uid="row-0"]').waitFor();
  const most = await page.locator('[data-scroller]').evaluate(async (element) => {
    let rows = 0;
    for (let step = 1; step <= 60; step++) {
      element.scrollTop = ((element.scrollHeight - element.clientHeight) * step) / 60;
      await new Promise(requestAnimationFrame);
      rows = Math.max(rows, document.querySelectorAll('[role="row"]').length);
    }
    return rows;
  });
  expect(most).toBeLessThan(100);
  await page.locator(`[data-uid="row-${MILLION - 1}"]`).waitFor();
  await expect.poll(() => page.locator('.is-placeholder').count()).toBe(0);
  await end();
});
