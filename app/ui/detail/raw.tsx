import type { JsonValue } from '#lib/model/index.ts';
import { visible } from '../text/visible.ts';
import { CopyButton } from './copy-button.tsx';

const MOST = 200_000;

/** The provider's own answer, redacted before it was stored. */
export function Raw({ value }: { value: JsonValue }) {
  const text = JSON.stringify(value, null, 2);
  const shown =
    text.length > MOST ? `${text.slice(0, MOST)}\n… ${text.length - MOST} characters more: copy for all of it` : text;
  return (
    <div className="raw">
      <div className="raw-head">
        <span>As the provider answered, without secrets and environment values</span>
        <CopyButton text={text} what="the JSON" />
      </div>
      <pre>
        <bdi>{shown.split('\n').map(visible).join('\n')}</bdi>
      </pre>
    </div>
  );
}
