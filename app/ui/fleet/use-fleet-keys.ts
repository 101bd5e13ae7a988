'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { stackAddress } from '../topology/links/address.ts';
import { useView } from '../view/view-provider.tsx';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

/** `s` shows the stack of the row with the focus or the open one, `t` the list as a tree and back. */
export function useFleetKeys(onTree: () => void): void {
  const router = useRouter();
  const { view } = useView();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      // An open menu finds its entries by their first letter.
      if (event.target instanceof Element && event.target.closest('[role="menu"]')) return;
      if (event.key === 't') onTree();
      if (event.key !== 's') return;
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-uid]') : null;
      const uid = row?.dataset.uid ?? view.selected;
      if (uid) router.push(stackAddress(uid));
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [router, view.selected, onTree]);
}
