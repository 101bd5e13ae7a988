import type { AppRouterInstance } from 'next/dist/shared/lib/app-router-context.shared-runtime.js';
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime.js';
import { renderToString } from 'react-dom/server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { firstAnswer } from '#app/(pages)/first-answer.ts';
import { Fleet } from '#app/ui/fleet/fleet.tsx';
import { Frame } from '#app/ui/shell/frame.tsx';
import { readView } from '#app/ui/view/view.ts';
import { scans } from '#lib/language/grammar/scan.ts';
import type { QueryService } from '#lib/web/service.ts';
import { type DemoStore, demoStore } from '#tests/support/demo-store.ts';
import { queryServiceAt } from '#tests/support/query-service.ts';

let demo: DemoStore;
let service: QueryService;

beforeAll(async () => {
  demo = await demoStore(300);
  service = queryServiceAt(demo.clock, demo.path);
  await service.ready();
});
afterAll(async () => {
  await service.close();
  await demo.close();
});

const router: AppRouterInstance = {
  back() {},
  forward() {},
  refresh() {},
  push() {},
  replace() {},
  prefetch() {},
  bfcacheId: '',
};

/** The page as the server draws it, and the browser first. */
const draw = (search: string, first: string): string =>
  renderToString(
    <AppRouterContext value={router}>
      <Frame providers={[]} now={demo.clock.now()}>
        <Fleet search={search} first={first} />
      </Frame>
    </AppRouterContext>,
  );

test.each([
  ['a question', 'provider:aws', ['provider:aws', 'provider:aws ready:no']],
  // What needs attention is counted in the question without its states.
  [
    'a question about states',
    'state:running provider:gcp',
    ['state:running provider:gcp', 'provider:gcp', 'provider:gcp ready:no'],
  ],
])('one view of %s reads each text once, in the worker and in the page, and the rows once', async (_, q, texts) => {
  const search = new URLSearchParams({ q }).toString();
  const before = scans.reads;
  const first = await firstAnswer(service, readView(new URLSearchParams(search)));
  const parse = vi.spyOn(JSON, 'parse');
  try {
    expect(draw(search, first)).toContain('role="grid"');
    expect(parse.mock.calls.map(([text]) => text)).toEqual([first]);
  } finally {
    parse.mockRestore();
  }
  // This worker is in the process of the page and shares what it has read.
  expect(scans.reads - before).toBe(texts.length);
});
