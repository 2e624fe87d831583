import { useEffect, useRef } from 'react';

/** `ctrl+s` for a key press; Command counts as Ctrl. */
function nameOf(event: KeyboardEvent): string {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push('ctrl');
  if (event.shiftKey) parts.push('shift');
  if (event.altKey) parts.push('alt');
  // The key's place on the keyboard: Ctrl+S works with a Cyrillic layout too.
  const key = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : event.key;
  return [...parts, key].join('+').toLowerCase();
}

/** Keyboard shortcuts of the page, before the editor sees the keys. None while a dialog is open. */
export function useShortcuts(shortcuts: Record<string, () => unknown>): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const action = current.current[nameOf(event)];
      if (!action) return;
      // The browser's own meaning, such as saving the page, is never wanted.
      event.preventDefault();
      if (document.querySelector('[role=dialog][aria-modal=true]')) return;
      event.stopPropagation();
      action();
    };
    addEventListener('keydown', onKeyDown, true);
    return () => removeEventListener('keydown', onKeyDown, true);
  }, []);
}
