'use client';
import { useEffect, useRef, useState } from 'react';
import { count } from '../text/format.ts';

/** Tells a screen reader how much a new filter found; not each time the fleet moves, which would never end. */
export function Announcement({ question, total }: { question: object; total: number }) {
  const [said, setSaid] = useState('');
  const told = useRef(question);
  useEffect(() => {
    if (told.current === question) return;
    told.current = question;
    setSaid(`${count(total)} resources`);
  }, [question, total]);
  return (
    <span className="sr-only" role="status">
      {said}
    </span>
  );
}
