/** Nothing is there yet, and it is on the way. */
export const Reading = () => (
  <div className="state-page" role="status">
    Reading
  </div>
);
