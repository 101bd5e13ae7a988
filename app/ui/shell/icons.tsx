import type { ReactNode } from 'react';

const PATHS: Readonly<Record<string, ReactNode>> = {
  vm: (
    <>
      <rect x="2" y="3" width="12" height="8" rx="1.2" />
      <path d="M5.5 13.5h5M8 11v2.5" />
    </>
  ),
  container: (
    <>
      <path d="M8 1.8 13.6 4.6v6.8L8 14.2 2.4 11.4V4.6Z" />
      <path d="M2.6 4.8 8 7.5l5.4-2.7M8 7.5v6.4" />
    </>
  ),
  host: (
    <>
      <rect x="2" y="2.6" width="12" height="4.6" rx="1.2" />
      <rect x="2" y="8.8" width="12" height="4.6" rx="1.2" />
      <path d="M4.6 4.9h.01M4.6 11.1h.01" strokeWidth="1.8" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.4" />
      <path d="m10.4 10.4 3.4 3.4" />
    </>
  ),
  fleet: (
    <>
      <rect x="2" y="2.6" width="12" height="4.6" rx="1.2" />
      <rect x="2" y="8.8" width="12" height="4.6" rx="1.2" />
      <path d="M4.6 4.9h.01M4.6 11.1h.01" strokeWidth="1.8" />
    </>
  ),
  changes: (
    <>
      <path d="M2.4 8a5.6 5.6 0 1 0 1.7-4" />
      <path d="M2.2 2.2v2.6h2.6M8 5v3.2l2.2 1.3" />
    </>
  ),
  sources: (
    <>
      <ellipse cx="8" cy="3.8" rx="5.4" ry="2" />
      <path d="M2.6 3.8v8.4c0 1.1 2.4 2 5.4 2s5.4-.9 5.4-2V3.8M2.6 8c0 1.1 2.4 2 5.4 2s5.4-.9 5.4-2" />
    </>
  ),
  settings: <path d="M2 4.6h6.6M11.8 4.6H14M2 11.4h2.2M7.4 11.4H14M10.2 3v3.2M5.8 9.8V13" />,
  group: <path d="M2 4h12M4.2 8h7.6M6.4 12h3.2" />,
  columns: (
    <>
      <rect x="2" y="2.6" width="12" height="10.8" rx="1.2" />
      <path d="M6 2.6v10.8M10 2.6v10.8" />
    </>
  ),
  tree: (
    <>
      <path d="M3.4 2.6v9.2c0 .6.4 1 1 1h3.2M3.4 6.6h4.2" />
      <rect x="7.6" y="5" width="6" height="3.2" rx=".9" />
      <rect x="7.6" y="11.2" width="6" height="3.2" rx=".9" />
    </>
  ),
  identity: (
    <>
      <circle cx="5.8" cy="8" r="3.8" />
      <circle cx="10.2" cy="8" r="3.8" />
    </>
  ),
  facets: <path d="M2 3.4h12M4 8h8M6.4 12.6h3.2" />,
  why: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M6.3 6.3c.2-1 .9-1.5 1.8-1.5 1 0 1.7.6 1.7 1.5 0 1.3-1.7 1.3-1.7 2.5M8.1 11.2h.01" />
    </>
  ),
  export: <path d="M8 2.2v7.2M5 6.6l3 3 3-3M2.6 11v2.4h10.8V11" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  copy: (
    <>
      <rect x="5.4" y="5.4" width="8" height="8" rx="1.4" />
      <path d="M10.6 5.2V3.6c0-.6-.4-1-1-1h-6c-.6 0-1 .4-1 1v6c0 .6.4 1 1 1h1.6" />
    </>
  ),
  check: <path d="m3 8.4 3.2 3.2L13 4.8" />,
  external: <path d="M9.4 2.6h4v4M13.2 2.8 7.6 8.4M11.6 9.4v3c0 .6-.4 1-1 1h-7c-.6 0-1-.4-1-1v-7c0-.6.4-1 1-1h3" />,
  down: <path d="m4.4 6.2 3.6 3.6 3.6-3.6" />,
  left: <path d="m9.8 4.4-3.6 3.6 3.6 3.6" />,
  right: <path d="m6.2 4.4 3.6 3.6-3.6 3.6" />,
  ascending: <path d="M8 13V3.4M4.6 6.6 8 3.2l3.4 3.4" />,
  descending: <path d="M8 3v9.6M4.6 9.4 8 12.8l3.4-3.4" />,
  refresh: <path d="M13.4 8a5.4 5.4 0 1 1-1.6-3.8M13.6 2v2.8h-2.8" />,
};

/** A 16 px line icon; decoration only, so a name always stands beside it or on its button. */
export function Icon({ name, size = 16 }: { name: string; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.25"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {PATHS[name]}
    </svg>
  );
}
