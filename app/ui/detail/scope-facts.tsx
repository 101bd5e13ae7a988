import type { Item } from '#lib/api/resources.ts';
import type { ScopeStatus } from '#lib/model/index.ts';
import { FreshnessCell } from '../cells/freshness-cell.tsx';
import { DetailFailure } from '../text/detail-failure.tsx';
import { Foreign } from '../text/foreign.tsx';
import { TimeAgo } from '../text/time-ago.tsx';
import { Facts } from './facts.tsx';

/** How old and how complete the picture of this resource is, and whose word it is. */
export function ScopeFacts({ scope, resource }: { scope: ScopeStatus; resource: Item }) {
  return (
    <Facts
      facts={[
        ['Scope', <Foreign key="scope" text={`${scope.label}, ${scope.part}`} limit={120} />],
        ['State', <FreshnessCell key="state" state={scope.state} />],
        scope.reason && ['Why', <Foreign key="why" text={scope.reason.message} limit={300} />],
        scope.detailErrors.length === 0
          ? null
          : [
              'Details',
              scope.detailErrors.map((error) => (
                <div key={error.call}>
                  <DetailFailure error={error} lead="" />
                </div>
              )),
            ],
        ['Last seen', <TimeAgo key="seen" iso={resource.lastSeen} />],
        ['First seen', <TimeAgo key="first" iso={resource.firstSeen} />],
        [
          'Last listing',
          scope.lastSuccess === null ? 'never complete' : <TimeAgo key="listing" iso={scope.lastSuccess} />,
        ],
      ]}
    />
  );
}
