/** The list could not be had at all. What went wrong, and the next step. */
export function Failed({ error, onRetry }: { error: Error; onRetry(): void }) {
  return (
    <div className="state-page" role="alert">
      <h2>The list could not be read</h2>
      <p>{error.message}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
