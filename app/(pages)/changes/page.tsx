import type { Metadata } from 'next';
import { ChangesPage } from '../../ui/changes/changes-page.tsx';
import { pageOf } from '../page-of.tsx';
import { firstChanges } from './first-changes.ts';

export const metadata: Metadata = { title: 'Changes' };

export default pageOf(async ({ service, search, parameters }) => (
  <ChangesPage search={search} first={await firstChanges(service, parameters.get('q') ?? '')} />
));
