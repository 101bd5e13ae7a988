'use client';
import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { Icon } from '../icons.tsx';
import type { MenuProps } from './lazy-menu.tsx';

const SCHEMES: readonly (readonly [MantineColorScheme, string])[] = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function AppearanceMenuBody({ target, ...opening }: MenuProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu {...opening} position="right-end" width={170} offset={8}>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance</Menu.Label>
        {SCHEMES.map(([scheme, label]) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={scheme === colorScheme}
            rightSection={scheme === colorScheme ? <Icon name="check" size={13} /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
