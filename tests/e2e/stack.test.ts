import path from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoStore, demoStoreOfNow } from '#tests/support/demo-store.ts';
import { asking, number, parameter, untilHydrated } from './asking.ts';
import { openBrowser, rowsOf, untilLive, visit } from './browser.ts';
import { startWeb, type Web } from './web.ts';

let demo: DemoStore;
let web: Web;
let browser: Browser;
const { stackOf, itemsOf, deepContainer } = asking(() => web.url);

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

test('a container is followed down to its hypervisor by keyboard and link, and back leads to the list', async () => {
  const { item, stack } = await deepContainer();
  const hypervisor = stack.below[1]?.items[0];
  const { page, end } = await visit(browser, `${web.url}/?${new URLSearchParams({ q: `uid:"${item.uid}"` })}`);
  await untilLive(page);
  await rowsOf(page).first().focus();
  await page.keyboard.press('s');
  await page.waitForURL(/\/stack\?uid=/);
  const layers = page.getByRole('list', { name: 'Layers, from the top down' });
  await layers.getByText('providerID').first().waitFor();
  expect(await layers.locator('.stack-layer').count()).toBe(3);
  expect(await layers.locator('.runs-on').allTextContents()).toEqual([
    expect.stringContaining('node name'),
    expect.stringContaining('hypervisor'),
  ]);
  // Beside it, opened where it stands.
  await expect.poll(() => page.locator('.member.is-marked').count()).toBe(1);
  await layers
    .locator('.stack-layer')
    .nth(2)
    .getByRole('link', { name: hypervisor?.name ?? '', exact: true })
    .first()
    .click();
  const above = (await stackOf(hypervisor?.uid ?? '')).above;
  const runs = page.getByRole('region', { name: 'Runs on it' });
  await runs.getByText(`${number(above.vms)} VMs`).waitFor();
  const words = (await runs.locator('caption').textContent()) ?? '';
  expect(words).toContain(`${number(above.containers)} containers in ${number(above.pods)} pods`);
  const told = await runs.locator('tbody td:last-child a').allTextContents();
  expect(told.reduce((sum, text) => sum + Number(text), 0)).toBe(above.vms + above.containers + above.hosts);
  await page.goBack();
  await layers.locator('.stack-layer').nth(2).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => url.pathname === '/');
  expect(parameter(page, 'q')).toBe(`uid:"${item.uid}"`);
  await end();
});

test('coming back from the stack by key or by Back, the list is where it was and its row has the focus', async () => {
  const { page, end } = await visit(browser, `${web.url}/?q=kind:container`);
  await untilLive(page);
  await page.locator('[data-scroller]').evaluate((element) => {
    element.scrollTop = 34 * 400;
  });
  const row = page.locator('[data-uid][aria-rowindex="410"]');
  await row.click();
  const uid = await row.getAttribute('data-uid');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-uid'));
  const scrolled = () => page.locator('[data-scroller]').evaluate((element) => element.scrollTop);
  await expect.poll(focused).toBe(uid);
  for (const back of [() => page.keyboard.press('Escape'), () => page.goBack()]) {
    await page.keyboard.press('s');
    await page.waitForURL(/\/stack\?uid=/);
    await page.getByRole('list', { name: 'Layers, from the top down' }).waitFor();
    await back();
    await page.waitForURL((url) => url.pathname === '/');
    await expect.poll(focused).toBe(uid);
    expect(await scrolled()).toBe(34 * 400);
  }
  await end();
});

test('a group of what runs on a machine opens to pods and containers, each a link', async () => {
  const { stack } = await deepContainer();
  const { page, end } = await visit(
    browser,
    `${web.url}/stack?uid=${encodeURIComponent(stack.below[0]?.machine ?? '')}`,
  );
  const runs = page.getByRole('region', { name: 'Runs on it' });
  await untilHydrated(page);
  const group = runs.locator('.disclose').first();
  await group.focus();
  // Where few stand they are open already.
  if ((await group.getAttribute('aria-expanded')) === 'true') await page.keyboard.press('Enter');
  const before = await runs.locator('.member').count();
  expect(await group.getAttribute('aria-expanded')).toBe('false');
  await page.keyboard.press('Enter');
  await expect.poll(() => runs.locator('.member').count()).toBeGreaterThan(before);
  await runs.locator('.member a').first().click();
  await page.getByRole('region', { name: /^Beside it on/ }).waitFor();
  await end();
});

test('a node without a machine below it says whose machine it is', async () => {
  const [node] = await itemsOf('managed:fargate,autopilot,virtual-node kind:host');
  if (!node) throw new Error('the demo fleet has no managed node');
  const { page, end } = await visit(browser, `${web.url}/stack?uid=${encodeURIComponent(node.uid)}`);
  expect(await page.locator('.stack-end').textContent()).toMatch(/^(Fargate|Autopilot|Virtual node): /);
  await end();
});

test('a decision that cannot be kept says so in place and loses nothing typed', async () => {
  const { stack } = await deepContainer();
  const { page, end } = await visit(
    browser,
    `${web.url}/stack?uid=${encodeURIComponent(stack.below[0]?.machine ?? '')}`,
  );
  await untilHydrated(page);
  await page
    .getByRole('button', { name: /^Split/ })
    .first()
    .click();
  const reason = page.getByRole('textbox', { name: /^Why split/ });
  await expect.poll(() => reason.evaluate((input) => input === document.activeElement)).toBe(true);
  await page.keyboard.type('moved by hand last week');
  await page.keyboard.press('Enter');
  const told = page.getByRole('alert').filter({ hasText: 'nothing was kept' });
  await told.waitFor();
  expect(await reason.inputValue()).toBe('moved by hand last week');
  await reason.focus();
  await page.keyboard.press('Escape');
  expect(new URL(page.url()).pathname).toBe('/stack');
  const split = page.getByRole('button', { name: /^Split/ }).first();
  await expect.poll(() => split.evaluate((button) => button === document.activeElement)).toBe(true);
  await end();
});
