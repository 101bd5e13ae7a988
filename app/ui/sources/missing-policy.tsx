import type { PermissionsSeen } from '#lib/model/index.ts';
import { CopyButton } from '../detail/copy-button.tsx';
import { visible } from '../text/visible.ts';

/** The policy for what is denied, as the provider's own tools take it. */
export function MissingPolicy({
  provider,
  policy,
}: {
  provider: string;
  policy: NonNullable<PermissionsSeen['missing']>;
}) {
  return (
    <div className="policy">
      <div className="policy-head">
        <span>
          Missing: grant this beside what is granted already. <code>providers/{provider}/README.md</code> says to whom.
        </span>
        <CopyButton text={policy.text} what="the missing policy" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <pre tabIndex={0}>
        <bdi>{policy.text.trimEnd().split('\n').map(visible).join('\n')}</bdi>
      </pre>
    </div>
  );
}
