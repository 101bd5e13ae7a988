import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoStore, demoStoreOfNow } from '#tests/support/demo-store.ts';
import { openBrowser, rowsOf, untilLive, visit } from './browser.ts';
import { startWeb, type Web } from './web.ts';

let demo: DemoStore;
let web: Web;
let browser: Browser;
const PAGES = [
  '/',
  '/?q=state:failed',
  '/?q=group:provider',
  '/?mode=tree',
  '/?why=all',
  '/stack?uid=nobody',
  '/identity',
  '/sources',
  '/changes',
  '/no-such-page',
];

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

test('the first HTML holds at least 20 rows with data, headings with text, and providers side by side', async () => {
  const html = await (await fetch(`${web.url}/?q=provider:aws,kubernetes&sort=provider`)).text();
  expect(html.match(/role="row"/g)?.length).toBeGreaterThan(20);
  for (const heading of ['Name', 'State', 'vCPU', 'Memory', 'CPU used']) expect(html).toContain(`>${heading}</span>`);
  expect(html).toContain('role="columnheader"');
  expect(html).toContain('AWS');
  expect(html).toContain('not measured');
  expect(html).not.toContain('is-placeholder');
});

test('hydration takes the rows over as they are, without an error and without asking for them again', async () => {
  const asked: string[] = [];
  const { page, end } = await visit(browser, 'about:blank');
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(web.url);
  await untilLive(page);
  expect(await rowsOf(page).count()).toBeGreaterThan(20);
  expect(asked.filter((address) => /resources|facets|groups/.test(address))).toEqual([]);
  await end();
});

test('every script carries the nonce of its answer, and two answers never share one', async () => {
  const nonces = new Set<string>();
  for (const address of PAGES) {
    const answer = await fetch(web.url + address);
    const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1] ?? '';
    expect(nonce).not.toBe('');
    nonces.add(nonce);
    const html = await answer.text();
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
    expect(html).not.toMatch(/<style(?![^>]*nonce=)[^>]*>/);
    expect(html).not.toMatch(/\son[a-z]+="/);
  }
  expect(nonces.size).toBe(PAGES.length);
});

test('the scripts of the first load stay below 210 kB gzip', async () => {
  const { page, end } = await visit(browser, 'about:blank');
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') bodies.push(response.body());
  });
  await page.goto(web.url);
  await untilLive(page);
  const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(210_000);
  await end();
});

test.each(PAGES)('nothing is refused by the content security policy on %s', async (address) => {
  const { page, end } = await visit(browser, web.url + address);
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.getByRole('main').waitFor();
  await end();
});
