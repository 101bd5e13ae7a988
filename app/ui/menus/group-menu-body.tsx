'use client';
import { Menu } from '@mantine/core';
import { groupOf, withGroup, withoutGroup } from '../filter/group-of.ts';
import { Icon } from '../shell/icons.tsx';
import { useView } from '../view/view-provider.tsx';
import type { MenuProps } from './lazy-menu.tsx';

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
export function GroupMenuBody({ target, ...opening }: MenuProps) {
  const { view, go } = useView();
  const by = groupOf(view.q);
  return (
    <Menu
      {...opening}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      position="bottom-end"
      width={220}
      offset={6}
    >
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown className="menu-tall">
        <Menu.RadioGroup value={by} onChange={(field) => go({ q: withGroup(view.q, field), mode: 'rows' })}>
          {CHOICES.map(([field, label]) => (
            <Menu.RadioItem key={field} value={field} checkIcon={<Icon name="check" size={13} />} closeMenuOnClick>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {by === null ? null : (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => go({ q: withoutGroup(view.q) })}>Back to rows</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
