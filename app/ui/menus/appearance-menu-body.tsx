'use client';
import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { Icon } from '../shell/icons.tsx';
import type { MenuProps } from './lazy-menu.tsx';

const SCHEMES: readonly (readonly [MantineColorScheme, string])[] = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function AppearanceMenuBody({ target, ...opening }: MenuProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu
      {...opening}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      position="right-end"
      width={170}
      offset={8}
    >
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(SCHEMES.find(([scheme]) => scheme === value)?.[0] ?? 'auto')}
        >
          {SCHEMES.map(([scheme, label]) => (
            <Menu.RadioItem key={scheme} value={scheme} checkIcon={<Icon name="check" size={13} />} closeMenuOnClick>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
