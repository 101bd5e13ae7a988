'use client';
import { groupOf, withGroup, withoutGroup } from '../filter/group-of.ts';
import { useView } from '../view/view-provider.tsx';
import { MenuDivider, MenuItem, MenuList, type MenuProps } from './menu-list.tsx';

const CHOICES: readonly (readonly [field: string, label: string])[] = [
  ['provider', 'Provider'],
  ['kind', 'Kind'],
  ['state', 'State'],
  ['tag.team', 'Team'],
  ['account', 'Account'],
  ['region', 'Region'],
  ['cluster', 'Cluster'],
  ['node', 'Node'],
  ['machine', 'Machine'],
  ['namespace', 'Namespace'],
  ['workload', 'Workload'],
  ['type', 'Type'],
  ['image', 'Image'],
  ['os', 'OS'],
];

/** Sums instead of rows: writes `group:` into the filter, where any other field can be named too. */
export function GroupMenuBody(opening: MenuProps) {
  const { view, go } = useView();
  const by = groupOf(view.q);
  return (
    <MenuList {...opening} width={220}>
      {CHOICES.map(([field, label]) => (
        <MenuItem key={field} chosen={field === by} onSelect={() => go({ q: withGroup(view.q, field), mode: 'rows' })}>
          {label}
        </MenuItem>
      ))}
      {by === null ? null : (
        <>
          <MenuDivider />
          <MenuItem onSelect={() => go({ q: withoutGroup(view.q) })}>Back to rows</MenuItem>
        </>
      )}
    </MenuList>
  );
}
