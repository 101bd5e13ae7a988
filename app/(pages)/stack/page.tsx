import type { Metadata } from 'next';
import type stackQuestion from '#lib/questions/stack.ts';
import { type FirstStack, StackPage } from '../../ui/topology/stack/stack-page.tsx';
import { jsonOf } from '../json-of.ts';
import { pageOf } from '../page-of.tsx';

export const metadata: Metadata = { title: 'Stack' };

export default pageOf(async ({ service, parameters, revision }) => {
  const uid = parameters.get('uid') ?? '';
  const stack = uid === '' ? null : service.answer<typeof stackQuestion>('/resources/{uid}/stack', { uid });
  return <StackPage key={uid} uid={uid} first={await jsonOf<FirstStack>({ revision: `${revision}`, stack })} />;
});
