'use client';
import { type PointerEvent, useState } from 'react';

interface Props {
  /** px that the column has. */
  width: number;
  /** @param width px that it is dragged to */
  onDrag(width: number): void;
  onDoubleClick(): void;
}

/** The right edge of a heading, by which its column is dragged wider. The keyboard has Alt and the arrow keys instead. */
export function ColumnEdge({ width, onDrag, onDoubleClick }: Props) {
  const [held, setHeld] = useState<{ x: number; width: number } | null>(null);
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    // No text is marked on the way, and the way may leave the edge.
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    setHeld({ x: event.clientX, width });
  };
  return (
    <span
      className={`th-edge${held ? ' is-resizing' : ''}`}
      aria-hidden="true"
      onPointerDown={onPointerDown}
      onPointerMove={held ? (event) => onDrag(held.width + event.clientX - held.x) : undefined}
      onLostPointerCapture={() => setHeld(null)}
      onDoubleClick={onDoubleClick}
    />
  );
}
