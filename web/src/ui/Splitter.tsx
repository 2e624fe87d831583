import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';

interface SplitterProps {
  label: string;
  orientation: 'vertical' | 'horizontal';
  value: number;
  least: number;
  most: number;
  /** 1 when the sized part is before the splitter, -1 when it is behind. */
  direction: 1 | -1;
  onChange: (value: number) => void;
}

const keyStep = 16;

/** The border between two panels, moved with the mouse or the arrow keys. */
export function Splitter({ label, orientation, value, least, most, direction, onChange }: SplitterProps) {
  const start = useRef<{ at: number; value: number } | null>(null);
  const [dragging, setDragging] = useState(false);
  const place = (event: PointerEvent) => (orientation === 'vertical' ? event.clientX : event.clientY);
  const set = (next: number) => onChange(Math.round(Math.min(most, Math.max(least, next))));

  const onKeyDown = (event: KeyboardEvent) => {
    const [less, more] = orientation === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key !== less && event.key !== more) return;
    event.preventDefault();
    set(value + (event.key === more ? 1 : -1) * direction * keyStep);
  };

  return (
    <div
      className="splitter"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={Math.max(least, Math.round(most))}
      data-dragging={dragging || undefined}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { at: place(event), value };
        setDragging(true);
      }}
      onPointerMove={(event) => {
        if (start.current) set(start.current.value + direction * (place(event) - start.current.at));
      }}
      onPointerUp={() => {
        start.current = null;
        setDragging(false);
      }}
    />
  );
}
