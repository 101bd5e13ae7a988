import { Fleet } from '../ui/fleet/fleet.tsx';
import { readView } from '../ui/view/view.ts';
import { firstAnswer } from './first-answer.ts';
import { pageOf } from './page-of.tsx';

export default pageOf(async ({ service, search, parameters }) => (
  <Fleet search={search} first={await firstAnswer(service, readView(parameters))} />
));
