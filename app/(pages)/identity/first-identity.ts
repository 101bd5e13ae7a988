import type identity from '#lib/questions/identity.ts';
import type { QueryService } from '#lib/web/service.ts';
import type { FirstIdentity } from '../../ui/topology/identity/identity-page.tsx';
import { IDENTITY_PAGE, type IdentityView, identityRequest } from '../../ui/topology/identity/identity-view.ts';
import { jsonOf } from '../json-of.ts';

/** {@link FirstIdentity} as JSON. */
export async function firstIdentity(service: QueryService, view: IdentityView, revision: number): Promise<string> {
  const report = service.answer<typeof identity>('/identity', { ...identityRequest(view), limit: IDENTITY_PAGE });
  const possible = service.ask<typeof identity>('/identity', { confidence: 'possible', limit: 1, offset: 0 });
  const total = possible.then(({ candidatesTotal }) => `${candidatesTotal}`);
  return jsonOf<FirstIdentity>({ revision: `${revision}`, report, possible: total });
}
