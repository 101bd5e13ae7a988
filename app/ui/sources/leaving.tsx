import type { ScopeStatus } from '#lib/model/index.ts';
import { count, exactTime } from '../text/format.ts';

/** What becomes of the rows of a scope that nobody lists any more: never silently. */
export function Leaving({ scope }: { scope: ScopeStatus }) {
  if (scope.state !== 'gone') return null;
  const rows = scope.count === 0 ? 'it' : scope.count === 1 ? 'its 1 row' : `its ${count(scope.count)} rows`;
  const verb = scope.count > 1 ? 'leave' : 'leaves';
  return (
    <span className="scope-reason">
      {scope.leavesAt === undefined ? (
        <>
          {rows} {verb} once the time of <code>history: keep</code> has passed
        </>
      ) : (
        <>
          {rows} {verb} after{' '}
          <time dateTime={scope.leavesAt} title={exactTime(scope.leavesAt)}>
            {scope.leavesAt.slice(0, 10)}
          </time>
          , with the next daily pruning (<code>history: keep</code>)
        </>
      )}
    </span>
  );
}
