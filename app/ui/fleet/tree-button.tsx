'use client';
import { groupOf } from '../filter/group-of.ts';
import { Icon } from '../shell/icons.tsx';
import { useView } from '../view/view-provider.tsx';

/** Rows, or machines on what they run on. */
export function TreeButton({ onToggle }: { onToggle(): void }) {
  const { view } = useView();
  const pressed = view.mode === 'tree' && groupOf(view.q) === null;
  return (
    <button
      type="button"
      className={`button${pressed ? ' is-on' : ''}`}
      aria-pressed={pressed}
      aria-keyshortcuts="t"
      title="What runs on what, as a tree (t)"
      onClick={onToggle}
    >
      <Icon name="tree" size={14} />
      <span className="button-word">Tree</span>
    </button>
  );
}
