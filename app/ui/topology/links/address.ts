/** The page of what stands on what, for any row of a machine. */
export const stackAddress = (uid: string): string => `/stack?${new URLSearchParams({ uid })}`;

/** The fleet with this row open. */
export const rowAddress = (uid: string): string => `/?${new URLSearchParams({ r: uid })}`;

/** The fleet with this filter. */
export const filterAddress = (q: string): string => `/?${new URLSearchParams({ q })}`;
