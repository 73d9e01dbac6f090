import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/** Moves the focus to the new page's heading, so that a screen reader says where one has come to. */
function useFocusOnArrival(): void {
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const former = useRef(pathname);
  useEffect(() => {
    if (former.current !== undefined && former.current !== pathname) {
      document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    }
    former.current = pathname;
  }, [pathname]);
}

export function Root() {
  useFocusOnArrival();
  return <Outlet />;
}
