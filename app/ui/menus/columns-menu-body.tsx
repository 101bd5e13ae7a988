'use client';
import { COLUMNS, FIRST, shownKeys } from '../grid/columns.ts';
import { DENSITIES } from '../view/view.ts';
import { useView } from '../view/view-provider.tsx';
import { MenuDivider, MenuItem, MenuLabel, MenuList, type MenuProps } from './menu-list.tsx';

/** Which columns are shown and how dense; stays open, as one rarely wants just one. */
export function ColumnsMenuBody(opening: MenuProps) {
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
    <MenuList {...opening} width={240}>
      <MenuLabel>Density</MenuLabel>
      {DENSITIES.map((density) => (
        <MenuItem key={density} chosen={density === view.density} stays onSelect={() => go({ density }, 'replace')}>
          {density}
        </MenuItem>
      ))}
      <MenuDivider />
      <MenuLabel>Columns</MenuLabel>
      {COLUMNS.filter((column) => column.key !== FIRST).map(({ key, help, label }) => (
        <MenuItem key={key} on={shown.includes(key)} title={help} onSelect={() => toggle(key)}>
          {label}
        </MenuItem>
      ))}
      <MenuDivider />
      <MenuItem stays onSelect={() => go({ columns: null, widths: {} })}>
        Back to the default columns
      </MenuItem>
    </MenuList>
  );
}
