'use client';
import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Icon } from '../icons.tsx';

const SCHEMES: readonly (readonly [MantineColorScheme, string])[] = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function AppearanceMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // The server does not know what this browser chose.
  const [known, setKnown] = useState(false);
  useEffect(() => setKnown(true), []);
  return (
    <Menu position="right-end" width={170} offset={8}>
      <Menu.Target>
        <button type="button" className="rail-link" title="Appearance">
          <Icon name="settings" />
          <span className="sr-only">Appearance</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance</Menu.Label>
        {SCHEMES.map(([scheme, label]) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={known && scheme === colorScheme}
            rightSection={known && scheme === colorScheme ? <Icon name="check" size={13} /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
