import { createContext, useContext } from 'react';

/** Whether the numbers on screen renew themselves. The reader may stop it (WCAG 2.2.2). */
interface Live {
  live: boolean;
  setLive: (live: boolean) => void;
}

export const LiveContext = createContext<Live>({ live: true, setLive: () => undefined });

export function useLive(): Live {
  return useContext(LiveContext);
}

export const refreshEvery = 15_000;
