'use client';
import { Menu } from '@mantine/core';
import { Icon } from '../icons.tsx';
import { useView } from '../view/view-provider.tsx';

/** What is on the screen, whole: the same filter in the same order. */
export function ExportMenu() {
  const { view } = useView();
  const search = new URLSearchParams();
  if (view.q !== '') search.set('q', view.q);
  if (view.sort !== '') search.set('sort', view.sort);
  const query = search.size > 0 ? `?${search}` : '';
  return (
    <Menu position="bottom-end" width={220} offset={6}>
      <Menu.Target>
        <button type="button" className="button">
          <Icon name="export" size={14} />
          Export
        </button>
      </Menu.Target>
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
