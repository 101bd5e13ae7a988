export type Scheme = 'auto' | 'light' | 'dark';

/** Browsers have kept the choice under this name since the first version. */
const KEY = 'mantine-color-scheme-value';

/**
 * Runs in the head, before anything is drawn: puts the choice on the root, where the style sheet looks for it, and follows
 * what another tab chooses. Without a choice the system's scheme counts.
 */
export const SCHEME_SCRIPT = `(() => {
  const root = document.documentElement;
  const apply = (scheme) => {
    if (scheme === 'light' || scheme === 'dark') root.dataset.scheme = scheme;
    else delete root.dataset.scheme;
  };
  addEventListener('storage', (event) => event.key === '${KEY}' && apply(event.newValue));
  try { apply(localStorage.getItem('${KEY}')); } catch {}
})();`;

export function chosenScheme(): Scheme {
  const { scheme } = document.documentElement.dataset;
  return scheme === 'light' || scheme === 'dark' ? scheme : 'auto';
}

export function chooseScheme(scheme: Scheme): void {
  const { dataset } = document.documentElement;
  if (scheme === 'auto') delete dataset.scheme;
  else dataset.scheme = scheme;
  try {
    localStorage.setItem(KEY, scheme);
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
}
