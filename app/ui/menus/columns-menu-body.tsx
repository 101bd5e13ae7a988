'use client';
import { Menu } from '@mantine/core';
import { COLUMNS, FIRST, shownKeys } from '../grid/columns.ts';
import { Icon } from '../shell/icons.tsx';
import { DENSITIES, type Density } from '../view/view.ts';
import { useView } from '../view/view-provider.tsx';
import type { MenuProps } from './lazy-menu.tsx';

const densityOf = (value: string): Density => DENSITIES.find((one) => one === value) ?? 'normal';

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
    <Menu
      {...opening}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      position="bottom-end"
      width={240}
      offset={6}
      closeOnItemClick={false}
    >
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown className="menu-tall">
        <Menu.Label>Density</Menu.Label>
        <Menu.RadioGroup value={view.density} onChange={(value) => go({ density: densityOf(value) }, 'replace')}>
          {DENSITIES.map((density) => (
            <Menu.RadioItem key={density} value={density} checkIcon={<Icon name="check" size={13} />}>
              {density}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>Columns</Menu.Label>
        {COLUMNS.filter((column) => column.key !== FIRST).map((column) => (
          <Menu.CheckboxItem
            key={column.key}
            checked={shown.includes(column.key)}
            checkIcon={<Icon name="check" size={13} />}
            title={column.help}
            onChange={() => toggle(column.key)}
          >
            {column.label}
          </Menu.CheckboxItem>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => go({ columns: null, widths: {} })}>Back to the default columns</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
