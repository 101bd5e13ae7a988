import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoStore, demoStoreOfNow } from '#tests/support/demo-store.ts';
import { openBrowser, rowsOf, untilLive, visit } from './browser.ts';
import { startWeb, type Web } from './web.ts';

let demo: DemoStore;
let web: Web;
let browser: Browser;

beforeAll(async () => {
  demo = await demoStoreOfNow(500);
  web = await startWeb(path.dirname(demo.path));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await demo?.close();
});

/** What axe finds. The list's rows are all alike: the first ones stand for the rest, which would take most of the time. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('.row:nth-child(n + 8)').analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}

const PAGES = {
  fleet: '/',
  'fleet with a filter': '/?q=provider:aws,kubernetes -state:terminated',
  groups: '/?q=group:provider',
  'no match': '/?q=nothingiscalledthis state:running',
  'a filter that cannot be read': '/?q=nosuchfield:1',
  sources: '/sources',
  changes: '/changes',
  'no such page': '/nowhere',
} as const;

/** Behind everything, from `app/styles/base.css`. */
const GROUND = { light: 'rgb(251, 251, 252)', dark: 'rgb(15, 17, 21)' };

for (const colorScheme of ['light', 'dark'] as const) {
  test.each(Object.entries(PAGES))(`axe finds nothing on %s in ${colorScheme}`, async (_, address) => {
    const { page, end } = await visit(browser, web.url + address, { colorScheme });
    await page.getByRole('main').waitFor();
    if (!address.startsWith('/nowhere'))
      await page.waitForFunction(() => document.querySelector('.rail-link') !== null);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(GROUND[colorScheme]);
    expect(await findings(page)).toEqual([]);
    await end();
  });

  test(`axe finds nothing with a resource, its tabs and a menu open in ${colorScheme}`, async () => {
    const { page, end } = await visit(browser, web.url, { colorScheme });
    await untilLive(page);
    await rowsOf(page).nth(2).click();
    await page.getByRole('tab', { name: 'Overview' }).waitFor();
    const check = async () => expect(await findings(page)).toEqual([]);
    await check();
    await page.getByRole('tab', { name: 'Raw' }).click();
    await check();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Region' }).waitFor();
    await check();
    await end();
  });
}
