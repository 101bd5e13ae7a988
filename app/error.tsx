'use client';

/** Shown where a page cannot be drawn; after an update of the server a reload fetches the new one. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="page">
      <div className="state-page" role="alert">
        <h1>This page could not be drawn</h1>
        <p>
          The server’s log says why{error.digest ? ` (${error.digest})` : ''}. If Muster was just updated, a reload
          fetches the new page.
        </p>
        <p className="state-actions">
          <button type="button" className="button" onClick={reset}>
            Try again
          </button>
          <button type="button" className="button" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      </div>
    </main>
  );
}
