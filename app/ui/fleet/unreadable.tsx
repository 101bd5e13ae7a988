'use client';
import { useView } from '../view/view-provider.tsx';

/** The page was opened with a filter that cannot be read; the bar says where and why. */
export function Unreadable() {
  const { go } = useView();
  return (
    <div className="state-page">
      <h2>The filter cannot be read</h2>
      <p>The bar above marks the place and says what was expected there.</p>
      <button type="button" className="button" onClick={() => go({ q: '' })}>
        Clear the filter
      </button>
    </div>
  );
}
