'use client';
import { createContext, useContext, useEffect, useState } from 'react';

const Now = createContext(0);
export const NowContext = Now.Provider;

/** Epoch milliseconds, starting with the server's own so that both render the same words; moves every ten seconds. */
export const useNow = (): number => useContext(Now);

export function useTicking(start: number): number {
  const [now, setNow] = useState(start);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
