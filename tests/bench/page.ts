import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright';
import { startApp } from '#tests/support/running-app.ts';

export interface PageFigures {
  resources: number;
  /** Cold load: navigation to the first row painted, ms, median. `bare`: the same rows as a static table without a script. */
  rows: number;
  bare: number;
  /** Script bytes of the first load, gzip, kB. */
  script: number;
  /** Scrolling from the first row to the last: tasks above 50 and 100 ms, and the longest. */
  long: { above50: number; above100: number; longest: number };
  /** Resident memory, MiB. */
  collector: number;
  web: number;
}

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Resident memory of a process, MiB. */
function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
}

async function coldLoad(browser: Browser, url: string): Promise<{ rows: number; script: number }> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 940 } });
  const page = await context.newPage();
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  await page.goto(url, { waitUntil: 'load' });
  const rows = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          for (const { name, startTime } of list.getEntries())
            if (name === 'first-contentful-paint') resolve(startTime);
        });
        observer.observe({ type: 'paint', buffered: true });
      }),
  );
  const script = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  const present = await page.locator('[role="row"], tr').count();
  if (present < 20) throw new Error(`${url} shows ${present} rows`);
  await context.close();
  return { rows, script: script / 1000 };
}

/** A static page of the same rows: what a browser needs at least. */
async function bareUrl(url: string): Promise<{ url: string; close: () => void }> {
  const { items } = (await (await fetch(`${url}/api/v1/resources?limit=60`)).json()) as {
    items: Record<string, unknown>[];
  };
  const html = `<!doctype html><table>${items
    .map(
      (item) =>
        `<tr>${Object.values(item)
          .slice(0, 9)
          .map((v) => `<td>${String(v).replace(/[<&]/g, '')}</td>`)
          .join('')}</tr>`,
    )
    .join('')}</table>`;
  const server = createServer((_, response) => void response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

async function scrollThrough(page: Page): Promise<PageFigures['long']> {
  const tasks = await page.evaluate(async () => {
    const found: number[] = [];
    const observer = new PerformanceObserver((list) => found.push(...list.getEntries().map((entry) => entry.duration)));
    observer.observe({ type: 'longtask' });
    const grid = [...document.querySelectorAll<HTMLElement>('*')].find(
      (each) => each.scrollHeight > 4 * each.clientHeight && each.clientHeight > 300,
    );
    if (!grid) throw new Error('nothing scrolls');
    const steps = 300;
    for (let step = 1; step <= steps; step++) {
      grid.scrollTop = (grid.scrollHeight * step) / steps;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
    observer.disconnect();
    return found;
  });
  return {
    above50: tasks.length,
    above100: tasks.filter((ms) => ms > 100).length,
    longest: Math.max(0, ...tasks),
  };
}

/** The page over a mock fleet, in a real browser without throttling. The build must be there. */
export async function benchPage(executablePath: string, resources: number, times: number): Promise<PageFigures> {
  const app = await startApp({ resources, interval: '10m' });
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const bare = await bareUrl(app.url);
  try {
    const loads = [];
    const bares = [];
    for (let i = 0; i < times; i++) {
      bares.push(await coldLoad(browser, bare.url));
      loads.push(await coldLoad(browser, `${app.url}/`));
    }
    const page = await browser.newPage({ viewport: { width: 1600, height: 940 } });
    await page.goto(`${app.url}/`);
    await page.locator('[role="row"]').nth(20).waitFor();
    const long = await scrollThrough(page);
    return {
      resources,
      rows: median(loads.map((load) => load.rows)),
      bare: median(bares.map((load) => load.rows)),
      script: loads[0]?.script ?? Number.NaN,
      long,
      collector: residentOf(app.pids.collector),
      web: residentOf(app.pids.web),
    };
  } finally {
    bare.close();
    await browser.close();
    await app.stop();
  }
}
