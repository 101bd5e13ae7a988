/** The provider does not say: an empty cell would read as nothing, a 0 as a figure. */
export function NotSet() {
  return (
    <span className="none" title="the provider does not say">
      <span aria-hidden="true">–</span>
      <span className="sr-only">not set</span>
    </span>
  );
}
