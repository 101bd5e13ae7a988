import type { Page } from 'playwright';
import { expect } from 'vitest';
import type { Item, ResourcePage } from '#lib/api/resources.ts';
import type { StackAnswer } from '#lib/api/stack.ts';

/** The API of a server as a test asks it. */
export function asking(urlOf: () => string) {
  async function get<T>(address: string, parameters: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${urlOf()}/api/v1/${address}?${new URLSearchParams(parameters)}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as T;
  }
  const stackOf = (uid: string) => get<StackAnswer>(`resources/${encodeURIComponent(uid)}/stack`);
  const itemsOf = async (q: string): Promise<Item[]> =>
    (await get<ResourcePage>('resources', { q, limit: '200' })).items;
  return {
    get,
    stackOf,
    itemsOf,
    /** A container of a pod whose node is a VM on a hypervisor that is listed. */
    async deepContainer(): Promise<{ item: Item; stack: StackAnswer }> {
      for (const item of await itemsOf('kind:container provider:kubernetes state:running cluster:*regionone*')) {
        const stack = await stackOf(item.uid);
        if (stack.below.length === 2) return { item, stack };
      }
      throw new Error('the demo fleet has no container on a node on a hypervisor');
    },
  };
}

export const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
export const number = (n: number) => n.toLocaleString('en-US');

/** The page answers keys: there is no status line to say so. */
export const untilHydrated = (page: Page) =>
  page.waitForFunction(() => {
    const main = document.querySelector('main');
    return main !== null && Object.keys(main).some((key) => key.startsWith('__react'));
  });
