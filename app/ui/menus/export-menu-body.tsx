'use client';
import { Menu } from '@mantine/core';
import { useView } from '../view/view-provider.tsx';
import type { MenuProps } from './lazy-menu.tsx';

/** What is on the screen, whole: the same filter in the same order. */
export function ExportMenuBody({ target, ...opening }: MenuProps) {
  const { view } = useView();
  const search = new URLSearchParams();
  if (view.q !== '') search.set('q', view.q);
  if (view.sort !== '') search.set('sort', view.sort);
  const query = search.size > 0 ? `?${search}` : '';
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
      <Menu.Dropdown>
        <Menu.Label>All rows of this filter</Menu.Label>
        <Menu.Item component="a" href={`/api/v1/export.csv${query}`} download>
          CSV
        </Menu.Item>
        <Menu.Item component="a" href={`/api/v1/export.json${query}`} download>
          JSON
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
