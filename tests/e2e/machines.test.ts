import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Capacity, IdentityReport, TreePage } from '#lib/api/stack.ts';
import { type DemoStore, demoStoreOfNow } from '#tests/support/demo-store.ts';
import { asking, number, parameter } from './asking.ts';
import { openBrowser, totalOf, untilLive, visit } from './browser.ts';
import { startWeb, type Web } from './web.ts';

let demo: DemoStore;
let web: Web;
let browser: Browser;
const { get, deepContainer } = asking(() => web.url);

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

test('why a total is what it is: counted, deduplicated by which evidence, unknown; Escape gives the focus back', async () => {
  const { page, end } = await visit(browser, web.url);
  await untilLive(page);
  await page.getByRole('button', { name: 'Why these figures' }).click();
  const panel = page.getByRole('region', { name: 'Why these figures' });
  const capacity = await get<Capacity>('capacity');
  const { counted, duplicates } = capacity.figures.provisioned;
  const row = panel.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Provisioned' }) });
  await row.waitFor();
  expect(await row.getByRole('cell').nth(2).textContent()).toBe(`${number(counted)} VMs`);
  const leftOut = `${number(duplicates)} VMs, and nodes that are one of them`;
  expect(await row.getByRole('cell').nth(3).textContent()).toBe(leftOut);
  expect(duplicates).toBeGreaterThan(0);
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
  expect(await row.textContent()).toContain(`${holder?.above} of ${holder?.aboveTotal} on it`);
  await end();
});

test('what waits for a decision stands side by side, and a conflict with all who say it', async () => {
  const report = await get<IdentityReport>('identity');
  const { page, end } = await visit(browser, `${web.url}/`);
  await untilLive(page);
  await page.getByRole('link', { name: 'Identity' }).click();
  await page.getByRole('heading', { name: 'Identity', level: 1 }).waitFor();
  const pairs = page.locator('.candidate');
  expect(await pairs.count()).toBe(report.candidatesTotal);
  const [candidate] = report.candidates;
  expect(await pairs.first().textContent()).toContain(candidate?.link.value);
  expect(await pairs.first().locator('tr').count()).toBe(2);
  await page.getByRole('link', { name: /^Conflicts/ }).click();
  await page
    .getByText(/copies of one image/)
    .first()
    .waitFor();
  expect(parameter(page, 'show')).toBe('conflicts');
  expect(await page.locator('.question').count()).toBe(report.conflictsTotal);
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
    conflicts: '/identity?show=conflicts',
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
