import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Item, ResourcePage } from '#lib/query/api.ts';
import type { Capacity, IdentityReport, StackAnswer, TreePage } from '#lib/query/stack-api.ts';
import { type DemoStore, demoStore } from '#tests/support/demo-store.ts';
import { openBrowser, rowsOf, totalOf, untilLive, visit } from './browser.ts';
import { startWeb, type Web } from './web.ts';

let demo: DemoStore;
let web: Web;
let browser: Browser;

beforeAll(async () => {
  demo = await demoStore(2000);
  web = await startWeb(path.dirname(demo.path));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await demo?.close();
});

async function get<T>(address: string, parameters: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(`${web.url}/api/v1/${address}?${new URLSearchParams(parameters)}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}
const stackOf = (uid: string) => get<StackAnswer>(`resources/${encodeURIComponent(uid)}/stack`);
const itemsOf = async (q: string): Promise<Item[]> => (await get<ResourcePage>('resources', { q, limit: '200' })).items;
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const number = (n: number) => n.toLocaleString('en-US');

/** A container of a pod whose node is a VM on a hypervisor that is listed. */
async function deepContainer(): Promise<{ item: Item; stack: StackAnswer }> {
  for (const item of await itemsOf('kind:container provider:kubernetes state:running on:openstack*')) {
    const stack = await stackOf(item.uid);
    if (stack.below.length === 2) return { item, stack };
  }
  for (const item of await itemsOf('kind:container provider:kubernetes state:running cluster:*regionone*')) {
    const stack = await stackOf(item.uid);
    if (stack.below.length === 2) return { item, stack };
  }
  throw new Error('the demo fleet has no container on a node on a hypervisor');
}

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
  expect(await layers.locator('.deck').count()).toBe(3);
  expect(await layers.locator('.joint').allTextContents()).toEqual([
    expect.stringContaining('node name'),
    expect.stringContaining('hypervisor'),
  ]);
  // Beside it, opened where it stands.
  expect(await page.locator('.member.is-marked').count()).toBe(1);
  await layers
    .locator('.deck')
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
  await layers.locator('.deck').nth(2).waitFor();
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
  expect(await page.locator('.ground').textContent()).toMatch(/^(Fargate|Autopilot|Virtual node): /);
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

/** The page answers keys: there is no status line to say so. */
const untilHydrated = (page: Page) =>
  page.waitForFunction(() => {
    const main = document.querySelector('main');
    return main !== null && Object.keys(main).some((key) => key.startsWith('__react'));
  });

test('why a total is what it is: counted, folded by which evidence, unknown; Escape gives the focus back', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.getByRole('button', { name: 'Why these figures' }).click();
  const panel = page.getByRole('region', { name: 'Why these figures' });
  const capacity = await get<Capacity>('capacity');
  const { counted, folded } = capacity.figures.provisioned;
  const row = panel.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Provisioned' }) });
  await row.waitFor();
  expect(await row.getByRole('cell').nth(2).textContent()).toBe(`${number(counted)} VMs`);
  expect(await row.getByRole('cell').nth(3).textContent()).toBe(number(folded));
  expect(folded).toBeGreaterThan(0);
  await panel.getByText('not measured: no source delivers samples yet').waitFor();
  const evidence = panel.getByRole('table').nth(1);
  expect(await evidence.textContent()).toMatch(/left out/);
  expect(await evidence.textContent()).toMatch(/providerID|instance id|system UUID/);
  expect(parameter(page, 'why')).toBe('all');
  await page.keyboard.press('Escape');
  await expect.poll(() => panel.count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-why'))).toBe('all');
  await end();
});

test('a group explains its own figures, and machines have their names', async () => {
  const { page, end } = await visit(browser, `${web.url}/?q=kind:vm,host group:machine`);
  await untilLive(page);
  const why = page.getByRole('button', { name: /^Why the figures of/ }).nth(1);
  const name = ((await why.textContent()) ?? '').replace('Why the figures of ', '').trim();
  expect(name).not.toMatch(/^arn:|\/subscriptions\//);
  await why.click();
  await page.getByRole('heading', { name: /^Why the figures of Machine/ }).waitFor();
  await expect.poll(() => parameter(page, 'why')).toMatch(/^group:/);
  await end();
});

test('the tree opens and closes by keyboard, says its levels, and a filter dims what only holds matches', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.locator('[data-header="0"]').focus();
  await page.keyboard.press('t');
  const tree = page.getByRole('treegrid', { name: 'Fleet as a tree' });
  await tree.waitFor();
  expect(parameter(page, 'mode')).toBe('tree');
  const roots = await get<TreePage>('tree', { sort: '-guests' });
  const rowAt = (index: number) => tree.locator(`[data-uid][aria-rowindex="${index + 2}"]`);
  const first = rowAt(0);
  await first.focus();
  expect(await first.getAttribute('aria-level')).toBe('1');
  expect(await first.getAttribute('aria-setsize')).toBe(String(roots.total));
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => first.getAttribute('aria-expanded')).toBe('true');
  await expect
    .poll(() => tree.getAttribute('aria-rowcount'))
    .toBe(String(1 + roots.total + (roots.items[0]?.children ?? 0)));
  await rowAt(1).waitFor();
  expect(await rowAt(1).getAttribute('aria-level')).toBe('2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'));
  await expect.poll(focused).toBe('4');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(focused).toBe('2');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => first.getAttribute('aria-expanded')).toBe('false');
  await expect.poll(() => tree.getAttribute('aria-rowcount')).toBe(String(1 + roots.total));
  await page.keyboard.press('End');
  await expect.poll(focused).toBe(String(roots.total + 1));
  await page.keyboard.press('t');
  await page.getByRole('grid', { name: 'Fleet' }).waitFor();
  await end();
});

test('the tree of a filter has everything that matches, with exact counts', async () => {
  const q = 'state:failed kind:container';
  const { page, end } = await visit(browser, `${web.url}/?${new URLSearchParams({ q, mode: 'tree' })}`);
  await untilLive(page);
  const roots = await get<TreePage>('tree', { q, sort: '-guests', limit: '1000' });
  const own = roots.items.filter(({ matches }) => matches).reduce((sum, { item }) => sum + item.members, 0);
  const matching = roots.items.reduce((sum, { above }) => sum + above, own);
  expect(await totalOf(page)).toBe(matching);
  const [holder] = roots.items.filter(({ matches, above }) => !matches && above > 0);
  const row = page.locator(`[data-uid="${holder?.item.uid}"]`);
  await row.waitFor();
  expect(await row.getAttribute('class')).toContain('is-dim');
  expect(await row.textContent()).toContain(`${holder?.above} of ${holder?.standing} on it`);
  await end();
});

test('what waits for a decision stands side by side, and a contradiction with all who say it', async () => {
  const report = await get<IdentityReport>('identity');
  const { page, end } = await visit(browser, `${web.url}/`);
  await untilLive(page);
  await page.getByRole('link', { name: 'Identity' }).click();
  await page.getByRole('heading', { name: 'Identity', level: 1 }).waitFor();
  const pairs = page.locator('.offer');
  expect(await pairs.count()).toBe(report.offersTotal);
  const [offer] = report.offers;
  expect(await pairs.first().textContent()).toContain(offer?.link.value);
  expect(await pairs.first().locator('tr').count()).toBe(2);
  await page.getByRole('link', { name: /^Contradictions/ }).click();
  await page
    .getByText(/copies of one image/)
    .first()
    .waitFor();
  expect(parameter(page, 'show')).toBe('contradictions');
  expect(await page.locator('.question').count()).toBe(report.contradictionsTotal);
  await page.getByRole('link', { name: /^Decided/ }).click();
  await page.getByRole('heading', { name: 'Nobody has decided anything' }).waitFor();
  await page.goBack();
  await page
    .getByText(/copies of one image/)
    .first()
    .waitFor();
  await end();
});

const PAGES = async (): Promise<Record<string, string>> => {
  const { item, stack } = await deepContainer();
  return {
    'the stack of a container': `/stack?uid=${encodeURIComponent(item.uid)}`,
    'the stack of a machine': `/stack?uid=${encodeURIComponent(stack.below[0]?.machine ?? '')}`,
    'no such stack': '/stack?uid=nobody',
    'the tree': '/?mode=tree',
    'a filtered tree': '/?mode=tree&q=state:failed',
    why: '/?why=all',
    'groups of machines': '/?q=group:machine',
    identity: '/identity',
    contradictions: '/identity?show=contradictions',
    'no decisions': '/identity?show=decisions',
    'no match where nobody can look': '/?q=region:eu-south-1',
  };
};

test.each(['light', 'dark'] as const)('axe finds nothing on the pages of the stack in %s', async (colorScheme) => {
  for (const [name, address] of Object.entries(await PAGES())) {
    const { page, end } = await visit(browser, web.url + address, { colorScheme });
    await page.getByRole('main').waitFor();
    if (address.includes('why')) await page.getByText('not measured: no source').waitFor();
    const { violations } = await new AxeBuilder({ page }).exclude('.row:nth-child(n + 8)').analyze();
    expect([name, violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`)]).toEqual([
      name,
      [],
    ]);
    await end();
  }
});
