'use client';
import { type ComponentType, type ReactElement, type ReactNode, useState } from 'react';

export interface MenuProps {
  /** The button that the menu belongs to. */
  target: ReactElement;
  opened: boolean;
  onChange(opened: boolean): void;
}

interface Props {
  /** Loads the menu: its code, a fifth of the page's, is fetched with the first look at the button. */
  load(): Promise<ComponentType<MenuProps>>;
  className: string;
  title?: string;
  children: ReactNode;
}

export function LazyMenu({ load, className, title, children }: Props) {
  const [Menu, setMenu] = useState<ComponentType<MenuProps> | null>(null);
  const [opened, setOpened] = useState(false);
  const open = () => {
    load().then(
      (loaded) => {
        setMenu(() => loaded);
        setOpened(true);
      },
      // A server that was updated has other files: the error page says to reload.
      (error: unknown) =>
        setMenu(() => {
          throw error;
        }),
    );
  };
  if (Menu) {
    const target = (
      <button type="button" className={className} title={title}>
        {children}
      </button>
    );
    return <Menu target={target} opened={opened} onChange={setOpened} />;
  }
  const preload = () => void load().catch(() => undefined);
  return (
    <button
      type="button"
      className={className}
      title={title}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={open}
    >
      {children}
    </button>
  );
}
