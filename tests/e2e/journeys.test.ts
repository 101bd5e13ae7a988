import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoStore, demoStoreOfNow } from '#tests/support/demo-store.ts';
import { namesOf, openBrowser, rowsOf, totalOf, untilLive, visit } from './browser.ts';
import { startWeb, type Web } from './web.ts';

let demo: DemoStore;
let web: Web;
let browser: Browser;

beforeAll(async () => {
  demo = await demoStoreOfNow(2000);
  web = await startWeb(path.dirname(demo.path));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await demo?.close();
});

const countOf = async (q: string): Promise<number> => {
  const answer = await fetch(`${web.url}/api/v1/resources?limit=1&q=${encodeURIComponent(q)}`);
  return ((await answer.json()) as { total: number }).total;
};
const filter = (page: Page) => page.getByRole('combobox', { name: 'Filter' });
const queryOf = (page: Page) => new URL(page.url()).searchParams.get('q') ?? '';
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

test('typing a clause with the help of suggestions filters, and the address carries the filter', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.keyboard.press('/');
  await page.keyboard.type('prov');
  await page.getByRole('option', { name: /^provider/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const option = page.getByRole('option', { name: /^azure\s*\d/ });
  await option.waitFor();
  await page.keyboard.type('az');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => queryOf(page)).toBe('provider:azure');
  const azure = await countOf('provider:azure');
  await expect.poll(() => totalOf(page)).toBe(azure);
  await end();
});

test('words filter as one types them, Escape clears and then leaves the bar', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await filter(page).pressSequentially('checkout');
  const found = await countOf('checkout');
  await expect.poll(() => totalOf(page)).toBe(found);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect.poll(() => queryOf(page)).toBe('');
  await page.keyboard.press('Escape');
  expect(await filter(page).evaluate((input) => input === document.activeElement)).toBe(false);
  await end();
});

test('a mistake in the filter is told with its place and what was expected, and the rows stay', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  const before = await totalOf(page);
  await filter(page).fill('state:runing');
  await page.keyboard.press('Enter');
  const diagnostic = page.getByRole('alert').filter({ hasText: 'expected' });
  await diagnostic.waitFor();
  expect(await diagnostic.textContent()).toMatch(/at 7.*runing.*perhaps running/);
  expect(await totalOf(page)).toBe(before);
  expect(await filter(page).getAttribute('aria-invalid')).toBe('true');
  await end();
});

test('facets choose several values of one field; back and reload keep what was chosen', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  const facets = page.getByRole('navigation', { name: 'Facets' });
  await facets.getByRole('checkbox', { name: /^AWS/ }).check();
  await expect.poll(() => queryOf(page)).toBe('provider:aws');
  await facets.getByRole('checkbox', { name: /^Azure/ }).check();
  await expect.poll(() => queryOf(page)).toBe('provider:aws,azure');
  const both = await countOf('provider:aws,azure');
  await expect.poll(() => totalOf(page)).toBe(both);
  await page.reload();
  expect(await facets.getByRole('checkbox', { name: /^Azure/ }).isChecked()).toBe(true);
  await untilLive(page);
  await page.goBack();
  await expect.poll(() => queryOf(page)).toBe('provider:aws');
  const aws = await countOf('provider:aws');
  await expect.poll(() => totalOf(page)).toBe(aws);
  expect(await facets.getByRole('checkbox', { name: /^Azure/ }).isChecked()).toBe(false);
  await end();
});

test('a heading sorts up, then down, and says so; a reload keeps the order', async () => {
  const { page, end } = await visit(browser, `${web.url}/?q=kind:vm`);
  await untilLive(page);
  const heading = page.getByRole('columnheader', { name: 'vCPU' });
  await heading.getByRole('button').click();
  await expect.poll(() => heading.getAttribute('aria-sort')).toBe('ascending');
  await heading.getByRole('button').click();
  await expect.poll(() => heading.getAttribute('aria-sort')).toBe('descending');
  const cores = () =>
    rowsOf(page)
      .locator('[data-column="vcpus"]')
      .evaluateAll((cells) => cells.slice(0, 20).map((cell) => Number(cell.textContent)));
  await expect.poll(async () => (await cores())[0]).toBeGreaterThan(16);
  const shown = await cores();
  expect(shown).toEqual(shown.toSorted((a, b) => b - a));
  await page.reload();
  expect(parameter(page, 'sort')).toBe('-vcpus');
  expect(await cores()).toEqual(shown);
  await end();
});

test('the end of the list is reached by key before anybody has read it', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  const total = await totalOf(page);
  expect(total).toBeGreaterThan(200);
  await page.locator('[data-uid][aria-rowindex="2"]').focus();
  await page.keyboard.press('End');
  const last = page.locator(`[data-uid][aria-rowindex="${total + 1}"]`);
  await last.waitFor();
  await expect.poll(() => last.evaluate((row) => row === document.activeElement)).toBe(true);
  await end();
});

test('the end of the list is reached by scrolling and by key', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  const total = await totalOf(page);
  await page.locator('[data-scroller]').evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await page.locator(`[data-uid][aria-rowindex="${total + 1}"]`).waitFor();
  await page.locator('[data-scroller]').evaluate((element) => {
    element.scrollTop = 0;
  });
  await page.locator('[data-uid][aria-rowindex="2"]').focus();
  await page.keyboard.press('End');
  const last = page.locator(`[data-uid][aria-rowindex="${total + 1}"]`);
  await last.waitFor();
  await expect.poll(() => last.evaluate((row) => row === document.activeElement)).toBe(true);
  await page.keyboard.press('Home');
  const first = page.locator('[data-uid][aria-rowindex="2"]');
  await expect.poll(() => first.evaluate((row) => row === document.activeElement)).toBe(true);
  await end();
});

test('by keyboard alone: one Tab stop into the rows, Enter opens, arrows walk on with the detail, Escape closes', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.locator('[data-header="0"]').focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Provider');
  await page.keyboard.press('Tab');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'));
  expect(await focused()).toBe('2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toBe('4');
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary', { name: 'Resource' });
  const names = await namesOf(page);
  await expect.poll(() => detail.getByRole('heading', { level: 2 }).textContent()).toBe(names[2]);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => detail.getByRole('heading', { level: 2 }).textContent()).toBe(names[3]);
  const uid = await rowsOf(page).nth(3).getAttribute('data-uid');
  await expect.poll(() => parameter(page, 'r')).toBe(uid);
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-column'))).toBe('name');
  await page.keyboard.press('Escape');
  await expect.poll(() => detail.count()).toBe(0);
  expect(parameter(page, 'r')).toBeNull();
  await end();
});

test('the detail has an address of its own, with its tab', async () => {
  const { page, end } = await visit(browser, `${web.url}/?q=kind:vm`);
  await untilLive(page);
  await rowsOf(page).nth(5).click();
  const detail = page.getByRole('complementary', { name: 'Resource' });
  await detail.getByRole('tab', { name: 'Raw' }).click();
  await detail.locator('pre').waitFor();
  expect(parameter(page, 'tab')).toBe('raw');
  const heading = await detail.getByRole('heading', { level: 2 }).textContent();
  await page.reload();
  expect(await detail.getByRole('heading', { level: 2 }).textContent()).toBe(heading);
  expect(await detail.getByRole('tab', { name: 'Raw' }).getAttribute('aria-selected')).toBe('true');
  await end();
});

test('by keyboard down inside the detail: the focus goes along, Escape closes', async () => {
  const { page, end } = await visit(browser, `${web.url}/?q=provider:kubernetes+kind:container+on:*`);
  await untilLive(page);
  await rowsOf(page).first().click();
  const detail = page.getByRole('complementary', { name: 'Resource' });
  const heading = () => detail.getByRole('heading', { level: 2 }).textContent();
  const container = await heading();
  await detail.getByRole('listitem').filter({ hasText: 'runs on' }).getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await expect.poll(heading).not.toBe(container);
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('detail-panel');
  await page.keyboard.press('Escape');
  await expect.poll(() => detail.count()).toBe(0);
  await end();
});

test('columns are hidden, shown and resized by keyboard, and the address keeps it', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Region', exact: true }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Zone', exact: true }).click();
  await page.getByRole('menuitemradio', { name: 'compact' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: 'Region' }).waitFor();
  expect(await page.getByRole('columnheader', { name: 'Zone' }).count()).toBe(0);
  const region = page.getByRole('columnheader', { name: 'Region' });
  const before = (await region.boundingBox())?.width ?? 0;
  await region.getByRole('button').focus();
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(async () => (await region.boundingBox())?.width).toBe(before + 32);
  await expect.poll(() => parameter(page, 'w')).toContain(`region~${before + 32}`);
  await page.reload();
  await page.getByRole('columnheader', { name: 'Region' }).waitFor();
  expect((await region.boundingBox())?.width).toBe(before + 32);
  expect((await rowsOf(page).first().boundingBox())?.height).toBe(28);
  await end();
});

test('a menu is walked by keys, and leaves the focus on its button', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  const button = page.getByRole('button', { name: 'Export' });
  await button.focus();
  await page.keyboard.press('ArrowDown');
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  await expect.poll(focused).toBe('CSV');
  for (const [key, item] of [
    ['ArrowDown', 'JSON'],
    ['ArrowDown', 'CSV'],
    ['ArrowUp', 'JSON'],
    ['Home', 'CSV'],
    ['End', 'JSON'],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(focused).toBe(item);
  }
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  expect(await focused()).toBe('Export');
  await page.keyboard.press('Enter');
  await page.getByRole('menu', { name: 'Export' }).waitFor();
  await page.getByRole('main').click({ position: { x: 600, y: 500 } });
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await end();
});

test('a column is dragged wider by the edge of its heading, and takes its own width again on a double click', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  const heading = page.getByRole('columnheader', { name: 'Provider' });
  const box = await heading.boundingBox();
  if (!box) throw new Error('there is no such heading');
  await page.mouse.move(box.x + box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 25, box.y + 300);
  await page.mouse.move(box.x + box.width + 60, box.y + 300);
  await page.mouse.up();
  await expect.poll(async () => (await heading.boundingBox())?.width).toBe(box.width + 60);
  await page.mouse.move(box.x + 10, box.y + 300);
  expect((await heading.boundingBox())?.width).toBe(box.width + 60);
  await expect.poll(() => parameter(page, 'w')).toContain(`provider~${box.width + 60}`);
  // What it is wider, the name has less.
  await page.mouse.dblclick(box.x + box.width, box.y + box.height / 2);
  await expect.poll(async () => (await heading.boundingBox())?.width).toBe(box.width);
  await end();
});

test('groups sum the result by a field, and a group leads to its rows', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.getByRole('button', { name: 'Group' }).click();
  await page.getByRole('menuitemradio', { name: 'Provider' }).click();
  await expect.poll(() => queryOf(page)).toBe('group:provider');
  await page.getByRole('button', { name: 'GCP', exact: true }).click();
  await expect.poll(() => queryOf(page)).toBe('provider:gcp');
  const gcp = await countOf('provider:gcp');
  await expect.poll(() => totalOf(page)).toBe(gcp);
  await end();
});

test('the export carries the filter and the order of the screen', async () => {
  const { page, end } = await visit(browser, `${web.url}/?q=provider:gcp&sort=-memory`);
  await untilLive(page);
  await page.getByRole('button', { name: 'Export' }).click();
  const href = await page.getByRole('menuitem', { name: 'CSV' }).getAttribute('href');
  const lines = (await (await fetch(new URL(href ?? '', web.url))).text()).trimEnd().split('\r\n');
  expect(lines.length - 1).toBe(await countOf('provider:gcp'));
  await end();
});

test('nothing matches: each clause says what it costs, and dropping one brings rows', async () => {
  const { page, end } = await visit(browser, `${web.url}/?q=provider:gcp nothingiscalledthis`);
  await untilLive(page);
  const gcp = await countOf('provider:gcp');
  await page.getByText(`${gcp.toLocaleString('en-US')} resources`).waitFor();
  await page.getByRole('button', { name: /without\s*nothingiscalledthis/ }).click();
  await expect.poll(() => totalOf(page)).toBe(gcp);
  await end();
});

test('dark is chosen in the page and stays over a reload', async () => {
  const { page, end } = await visit(browser, web.url, { colorScheme: 'light' });
  await untilLive(page);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByRole('button', { name: 'Appearance' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect.poll(paper).not.toBe(light);
  await page.reload();
  expect(await paper()).not.toBe(light);
  await end();
});

test('what could not be read is named in the status line, which leads to the sources and their reasons', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.getByRole('link', { name: /^Sources: .*no access/ }).click();
  await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
  const denied = page.getByRole('row').filter({ hasText: 'no access' }).first();
  expect(await denied.textContent()).toMatch(/UnauthorizedOperation.*not known/s);
  await denied.getByRole('button', { name: 'Refresh' }).click();
  // There is no collector in this test: the page says that the refresh did not arrive.
  await denied.getByRole('button', { name: 'not possible' }).waitFor();
  await end();
});
