'use client';
import { createContext, type KeyboardEvent, type ReactNode, useContext, useEffect, useRef } from 'react';
import { Icon } from '../shell/icons.tsx';

/** What a button hands to the menu that it opens. */
export interface MenuProps {
  /** Id of the button, whose words name the menu. */
  button: string;
  /** @param back whether the button gets the focus */
  onClose(back: boolean): void;
}

interface Props extends MenuProps {
  /** px. */
  width: number;
  /** Where it opens, of its button. */
  side?: 'below' | 'right';
  children: ReactNode;
}

const Close = createContext<() => void>(() => {});

/** An open menu, with the keys of the ARIA pattern: arrows, Home and End walk, Escape and Tab leave. */
export function MenuList({ button, onClose, width, side = 'below', children }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const items = (): Element[] => [...(list.current?.querySelectorAll('.menu-item') ?? [])];
  const focus = (item: Element | null | undefined) => item instanceof HTMLElement && item.focus();

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => void focus(items()[0]), []);
  useEffect(() => {
    const onPointerDown = ({ target }: PointerEvent) => {
      if (target instanceof Node && !list.current?.parentElement?.contains(target)) onClose(false);
    };
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = document.activeElement ? all.indexOf(document.activeElement) : -1;
    const to = { ArrowDown: at + 1, ArrowUp: Math.max(at, 0) - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      focus(all.at(to % all.length));
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      // Tab goes on from the button, as if the menu had not been there.
      onClose(true);
    } else return;
    event.stopPropagation();
  };
  return (
    <div
      role="menu"
      className={`menu-list is-${side}`}
      aria-labelledby={button}
      tabIndex={-1}
      ref={list}
      style={{ width }}
      onKeyDown={onKeyDown}
    >
      <Close value={() => onClose(true)}>{children}</Close>
    </div>
  );
}

interface ItemProps {
  /** Set where one of several is chosen. */
  chosen?: boolean;
  /** Set where it is switched on or off; the menu stays open then, as one rarely wants just one. */
  on?: boolean;
  title?: string;
  /** The menu stays open. */
  stays?: boolean;
  onSelect(): void;
  children: ReactNode;
}

export function MenuItem({ chosen, on, title, stays = on !== undefined, onSelect, children }: ItemProps) {
  const close = useContext(Close);
  const checked = chosen ?? on;
  const role = chosen !== undefined ? 'menuitemradio' : on !== undefined ? 'menuitemcheckbox' : 'menuitem';
  const onClick = () => {
    onSelect();
    if (!stays) close();
  };
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the two roles that are checked have it
    <button
      type="button"
      role={role}
      className="menu-item"
      aria-checked={checked}
      tabIndex={-1}
      title={title}
      onClick={onClick}
    >
      {checked === undefined ? null : (
        <span className="menu-mark">{checked ? <Icon name="check" size={13} /> : null}</span>
      )}
      {children}
    </button>
  );
}

/** An item that downloads what is at the address. */
export function MenuDownload({ href, children }: { href: string; children: ReactNode }) {
  const close = useContext(Close);
  return (
    <a role="menuitem" className="menu-item" href={href} download tabIndex={-1} onClick={close}>
      {children}
    </a>
  );
}

export const MenuLabel = ({ children }: { children: ReactNode }) => <div className="menu-label">{children}</div>;

// biome-ignore lint/a11y/useSemanticElements: a rule across a menu is no <hr>
export const MenuDivider = () => <div role="separator" className="menu-divider" />;
