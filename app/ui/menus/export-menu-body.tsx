'use client';
import { useView } from '../view/view-provider.tsx';
import { MenuDownload, MenuLabel, MenuList, type MenuProps } from './menu-list.tsx';

/** What is on the screen, whole: the same filter in the same order. */
export function ExportMenuBody(opening: MenuProps) {
  const { view } = useView();
  const search = new URLSearchParams();
  if (view.q !== '') search.set('q', view.q);
  if (view.sort !== '') search.set('sort', view.sort);
  const query = search.size > 0 ? `?${search}` : '';
  return (
    <MenuList {...opening} width={220}>
      <MenuLabel>All rows of this filter</MenuLabel>
      <MenuDownload href={`/api/v1/export.csv${query}`}>CSV</MenuDownload>
      <MenuDownload href={`/api/v1/export.json${query}`}>JSON</MenuDownload>
    </MenuList>
  );
}
