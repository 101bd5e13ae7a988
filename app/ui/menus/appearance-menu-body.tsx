'use client';
import { useState } from 'react';
import { chooseScheme, chosenScheme, type Scheme } from '../shell/color-scheme.ts';
import { MenuItem, MenuLabel, MenuList, type MenuProps } from './menu-list.tsx';

const SCHEMES: readonly (readonly [Scheme, string])[] = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function AppearanceMenuBody(opening: MenuProps) {
  const [chosen] = useState(chosenScheme);
  return (
    <MenuList {...opening} side="right" width={170}>
      <MenuLabel>Appearance</MenuLabel>
      {SCHEMES.map(([scheme, label]) => (
        <MenuItem key={scheme} chosen={scheme === chosen} onSelect={() => chooseScheme(scheme)}>
          {label}
        </MenuItem>
      ))}
    </MenuList>
  );
}
