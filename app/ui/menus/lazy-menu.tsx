'use client';
import { type ComponentType, type KeyboardEvent, type ReactNode, useCallback, useId, useRef, useState } from 'react';
import type { MenuProps } from './menu-list.tsx';

interface Props {
  /** Loads the menu: its code is fetched with the first look at the button. */
  load(): Promise<ComponentType<MenuProps>>;
  className: string;
  title?: string;
  children: ReactNode;
}

/** A button and the menu that it opens. */
export function LazyMenu({ load, className, title, children }: Props) {
  const [Menu, setMenu] = useState<ComponentType<MenuProps> | null>(null);
  const [opened, setOpened] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
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
  const close = useCallback((back: boolean) => {
    setOpened(false);
    if (back) button.current?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' || opened) return;
    event.preventDefault();
    open();
  };
  const preload = () => void load().catch(() => undefined);
  return (
    <span className="menu">
      <button
        type="button"
        id={id}
        className={className}
        title={title}
        aria-haspopup="menu"
        aria-expanded={opened}
        ref={button}
        onPointerEnter={preload}
        onFocus={preload}
        onClick={() => (opened ? close(true) : open())}
        onKeyDown={onKeyDown}
      >
        {children}
      </button>
      {Menu && opened ? <Menu button={id} onClose={close} /> : null}
    </span>
  );
}
