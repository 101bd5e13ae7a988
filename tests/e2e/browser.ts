import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { expect } from 'vitest';
import { findChromium, NO_BROWSER } from '#scripts/machine/chromium.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (!executablePath) throw new Error(NO_BROWSER);
  return chromium.launch({ executablePath, args: FLAGS });
}

export interface Visit {
  page: Page;
  /** What went wrong in the page so far: script errors, hydration, refused content. Expected to stay empty. */
  problems: string[];
  /** Closes the page; fails if anything went wrong in it. */
  end(): Promise<void>;
}

/** A fresh visitor at `url`, with scripts running. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 940 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused connection or a 404 that a test asks for is told by the test; everything else is a defect.
    if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text()))
      problems.push(message.text());
  });
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction('tellViolation', (text: string) => problems.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const report: unknown = Reflect.get(globalThis, 'tellViolation');
      if (typeof report === 'function') report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  await page.goto(url);
  return {
    page,
    problems,
    async end() {
      expect(problems).toEqual([]);
      await context.close();
    },
  };
}

/** Resolves once scripts run and the stream is open: from then on the page answers and follows the fleet. */
export async function untilLive(page: Page): Promise<void> {
  await page.getByRole('status').filter({ hasText: /^live/ }).waitFor();
}

/** The rows in sight, top to bottom, without the headings. */
export const rowsOf = (page: Page) => page.locator('[role="row"][data-uid]');

/** Names of the rendered rows in the order of the list. */
export const namesOf = (page: Page): Promise<string[]> =>
  rowsOf(page).evaluateAll((rows) =>
    rows
      .toSorted((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
      .map((row) => row.querySelector('.name')?.textContent ?? ''),
  );

/** The count in the status line, which is the size of the result. */
export async function totalOf(page: Page): Promise<number> {
  const text = await page.locator('.status-live').textContent();
  return Number(/([\d,]+) rows/.exec(text ?? '')?.[1]?.replaceAll(',', ''));
}
