'use client';
import { Menu } from '@mantine/core';
import { Icon } from '../icons.tsx';
import { COLUMNS, FIRST, shownKeys } from '../table/columns.ts';
import { DENSITIES } from '../view/view.ts';
import { useView } from '../view/view-provider.tsx';
import type { MenuProps } from './lazy-menu.tsx';

/** Which columns are shown and how dense; stays open, as one rarely wants just one. */
export function ColumnsMenuBody({ target, ...opening }: MenuProps) {
  const { view, go } = useView();
  const shown = shownKeys(view);
  const toggle = (key: string) => {
    const keys = shown.filter((one) => one !== FIRST);
    const next = keys.includes(key)
      ? keys.filter((one) => one !== key)
      : COLUMNS.map((column) => column.key).filter((one) => one === key || keys.includes(one));
    go({ columns: next.filter((one) => one !== FIRST) });
  };
  return (
    <Menu {...opening} position="bottom-end" width={240} offset={6} closeOnItemClick={false}>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown className="menu-tall">
        <Menu.Label>Density</Menu.Label>
        {DENSITIES.map((density) => (
          <Menu.Item
            key={density}
            role="menuitemradio"
            aria-checked={view.density === density}
            rightSection={view.density === density ? <Icon name="check" size={13} /> : null}
            onClick={() => go({ density }, 'replace')}
          >
            {density}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>Columns</Menu.Label>
        {COLUMNS.filter((column) => column.key !== FIRST).map((column) => (
          <Menu.Item
            key={column.key}
            role="menuitemcheckbox"
            aria-checked={shown.includes(column.key)}
            rightSection={shown.includes(column.key) ? <Icon name="check" size={13} /> : null}
            title={column.help}
            onClick={() => toggle(column.key)}
          >
            {column.label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => go({ columns: null, widths: {} })}>Back to the default columns</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
