import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { visible } from '#app/ui/text/visible.ts';
import { tagsOf } from '#lib/model/index.ts';
import { openBrowser, rowsOf, untilLive, visit } from './browser.ts';
import { HOSTILE } from './hostile-text.ts';
import { ownStore } from './own-store.ts';
import { startWeb, type Web } from './web.ts';

let store: Awaited<ReturnType<typeof ownStore>>;
let web: Web;
let browser: Browser;
const uidOf = (index: number) => `hostile-${String(index).padStart(4, '0')}`;
const MANY_TAGS = 'many-tags';
const ODD_KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'then', ''];

beforeAll(async () => {
  store = await ownStore();
  await store.list([
    ...HOSTILE.map((text, index) => ({
      uid: uidOf(index),
      name: text,
      nativeId: uidOf(index),
      type: text.slice(0, 2000),
      zone: text.slice(0, 2000),
      stateReason: text.slice(0, 2000),
      aliases: [text.slice(0, 2000)],
      tags: tagsOf([
        ['team', text.slice(0, 2000)],
        [text.slice(0, 500), text.slice(0, 2000)],
      ]),
      consoleUrl: text.slice(0, 2000),
      raw: { [text.slice(0, 500)]: text.slice(0, 2000) },
    })),
    {
      uid: MANY_TAGS,
      name: MANY_TAGS,
      nativeId: MANY_TAGS,
      tags: tagsOf(Array.from({ length: 5000 }, (_, i) => [`key-${i}`, 'v'])),
    },
    {
      uid: 'odd-keys',
      name: 'odd-keys',
      nativeId: 'odd-keys',
      tags: tagsOf(ODD_KEYS.map((key) => [key, `value of ${key}`])),
    },
  ]);
  web = await startWeb(store.folder);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await store?.close();
});

test('fault 76: more than 500 hostile names in name, type, zone, tags, links and facets run nothing and are shown literally', async () => {
  expect(HOSTILE.length).toBeGreaterThan(500);
  const { page, end } = await visit(browser, `${web.url}/?q=uid:hostile-*`);
  await untilLive(page);
  const seen = new Set<string>();
  const scroller = page.locator('[data-scroller]');
  for (let first = 0; first < HOSTILE.length; first += 20) {
    await scroller.evaluate((element, top) => {
      element.scrollTop = top;
    }, first * 34);
    const sight = Array.from({ length: 20 }, (_, i) => Math.min(first + i, HOSTILE.length - 1) + 2);
    await Promise.all(sight.map((row) => page.locator(`[data-uid][aria-rowindex="${row}"]`).waitFor()));
    await collect();
  }
  expect(seen.size).toBe(HOSTILE.length);

  async function collect() {
    const shown = await rowsOf(page).evaluateAll((rows) =>
      rows.map((row) => ({
        uid: row.getAttribute('data-uid') ?? '',
        name: row.querySelector('.name')?.textContent ?? '',
        inside: row.querySelectorAll('script,img,iframe,style,a,base,meta,link,object').length,
        height: row.getBoundingClientRect().height,
      })),
    );
    for (const { uid, name, inside, height } of shown) {
      const text = HOSTILE[Number(uid.slice(-4))] ?? '';
      const literal = visible(text || uid);
      expect(
        name.endsWith('…') ? literal.startsWith(name.slice(0, -1)) || literal === name : name === literal,
        uid,
      ).toBe(true);
      expect({ inside, height }).toEqual({ inside: 0, height: 34 });
      seen.add(uid);
    }
  }
  await end();
});

test('fault 76: the open detail of a hostile resource has no link out of it and shows its values as text', async () => {
  for (const index of [0, 60, 120, 200, 310]) {
    const { page, end } = await visit(browser, `${web.url}/?r=${uidOf(index)}`);
    const detail = page.getByRole('complementary', { name: 'Resource' });
    await detail.getByRole('tab', { name: 'Raw' }).click();
    await detail.locator('pre').waitFor();
    expect(await detail.locator('a[href]:not([href^="https:"])').count()).toBe(0);
    expect(
      await page
        .locator('a[href]')
        .evaluateAll((links) => links.filter((a) => /script:|^data:/i.test(a.getAttribute('href') ?? '')).length),
    ).toBe(0);
    expect(await detail.locator('script,img,iframe,style').count()).toBe(0);
    await end();
  }
});

test('fault 76: hostile text in the address is text', async () => {
  const { page, end } = await visit(browser, web.url);
  for (let index = 0; index < HOSTILE.length; index += 23) {
    const part = encodeURIComponent((HOSTILE[index] ?? '').slice(0, 1000).toWellFormed());
    await page.goto(`${web.url}/?q=${part}&sort=${part}&cols=${part}&r=${part}&tab=${part}&w=${part}`);
    await page.getByRole('combobox', { name: 'Filter' }).waitFor();
  }
  await end();
});

test('fault 77: names are isolated, and a right-to-left name does not reach its neighbours', async () => {
  const { page, end } = await visit(browser, `${web.url}/?q=uid:hostile-*`);
  await untilLive(page);
  const names = rowsOf(page).locator('.name');
  expect(await names.count()).toBeGreaterThan(20);
  expect(await names.evaluateAll((all) => all.every((name) => name.closest('bdi') !== null))).toBe(true);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  await end();
});

test('fault 77: 5,000 tags and 64 KB values open without breaking the panel, and the rest is revealed on demand', async () => {
  const { page, end } = await visit(browser, `${web.url}/?r=${MANY_TAGS}`);
  await untilLive(page);
  const detail = page.getByRole('complementary', { name: 'Resource' });
  expect(await detail.locator('.tag').count()).toBeLessThan(100);
  await detail.getByRole('button', { name: /more$/ }).click();
  expect(await detail.locator('.tag').count()).toBe(5000);
  await end();
});

test('fault 78: tag keys such as __proto__ and then are shown as data and change nothing', async () => {
  const { page, end } = await visit(browser, `${web.url}/?r=odd-keys`);
  await untilLive(page);
  const tags = await page.getByRole('complementary', { name: 'Resource' }).locator('.tag').allTextContents();
  expect(tags.toSorted()).toEqual(ODD_KEYS.map((key) => `${key}=value of ${key}`).toSorted());
  expect(await page.evaluate(() => Object.keys(Object.prototype).length)).toBe(0);
  await end();
});
