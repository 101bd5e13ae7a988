import { parseSort } from '#lib/language/grammar/index.ts';

/** Everything a reader chose, as it stands in the address: reload, back and a link sent to somebody show the same. */
export interface View {
  q: string;
  /** Field key, `-` in front for descending; empty = the default order. */
  sort: string;
  /** Keys of the shown columns in order; null = the default ones. */
  columns: readonly string[] | null;
  /** Widths in px that the reader changed. */
  widths: Readonly<Record<string, number>>;
  density: Density;
  mode: Mode;
  /** What of the list is explained beside its totals: nothing, all of it, or one group by its value. */
  why: null | { group: string | null };
  /** Uid of the open resource. */
  selected: string | null;
  tab: Tab;
}

export const DENSITIES = ['compact', 'normal', 'comfortable'] as const;
export type Density = (typeof DENSITIES)[number];
export const ROW_HEIGHT: Readonly<Record<Density, number>> = { compact: 28, normal: 34, comfortable: 42 };

/** `tree`: machines on what they run on, opened by hand. Groups win over it. */
export const MODES = ['rows', 'tree'] as const;
export type Mode = (typeof MODES)[number];

export const TABS = ['overview', 'changes', 'raw'] as const;
export type Tab = (typeof TABS)[number];

const oneOf = <T extends string>(all: readonly T[], value: string | null, otherwise: T): T =>
  all.find((one) => one === value) ?? otherwise;

const KEY = /^[a-z][\w.-]{0,63}$/i;

const WHY_GROUP = 'group:';

function readWhy(text: string | null): View['why'] {
  if (text === null) return null;
  return { group: text.startsWith(WHY_GROUP) ? text.slice(WHY_GROUP.length) : null };
}

/** Reads a view; what it does not understand is left at its default. */
export function readView(params: URLSearchParams): View {
  const columns = params.get('cols');
  const widths: { [key: string]: number } = Object.create(null);
  for (const part of params.get('w')?.split(',').slice(0, 50) ?? []) {
    const [key = '', width] = part.split('~');
    if (KEY.test(key) && /^\d{2,4}$/.test(width ?? '')) widths[key] = Number(width);
  }
  return {
    q: params.get('q') ?? '',
    sort: parseSort(params.get('sort') ?? '') === null ? '' : (params.get('sort') ?? ''),
    columns: columns === null ? null : columns.split(',').filter((key) => KEY.test(key)),
    widths,
    density: oneOf(DENSITIES, params.get('density'), 'normal'),
    mode: oneOf(MODES, params.get('mode'), 'rows'),
    why: readWhy(params.get('why')),
    selected: params.get('r') || null,
    tab: oneOf(TABS, params.get('tab'), 'overview'),
  };
}

/** The query string of a view, `''` for the plain page; defaults are left out. */
export function writeView(view: View): string {
  const params = new URLSearchParams();
  if (view.q !== '') params.set('q', view.q);
  if (view.sort !== '') params.set('sort', view.sort);
  if (view.columns) params.set('cols', view.columns.join(','));
  const widths = Object.entries(view.widths).map(([key, width]) => `${key}~${Math.round(width)}`);
  if (widths.length > 0) params.set('w', widths.join(','));
  if (view.density !== 'normal') params.set('density', view.density);
  if (view.mode !== 'rows') params.set('mode', view.mode);
  if (view.why) params.set('why', view.why.group === null ? 'all' : WHY_GROUP + view.why.group);
  if (view.selected !== null) {
    params.set('r', view.selected);
    if (view.tab !== 'overview') params.set('tab', view.tab);
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
