import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ViewSearch } from './search';
import { useCatalog, useSession } from './session';
import { viewOf, type View } from './view';

export function useViewSearch(): ViewSearch {
  return useSearch({ strict: false }) as ViewSearch;
}

export function useView(): View {
  const search = useViewSearch();
  const session = useSession();
  const { catalog } = useCatalog();
  return useMemo(() => viewOf(search, session, catalog), [search, session, catalog]);
}

/** Changes the page's state in its address; `undefined` gives a part back to its default. */
export function useChangeView(): (change: Partial<ViewSearch>, options?: { replace?: boolean }) => void {
  const navigate = useNavigate();
  const router = useRouter();
  return (change, options) => {
    // What was typed a moment ago must not be written into the address of the page that was clicked since.
    const { latestLocation, state } = router;
    if (latestLocation.pathname !== (state.resolvedLocation ?? latestLocation).pathname) return;
    void navigate({
      to: '.',
      search: (before: ViewSearch) => ({ ...before, ...change }),
      replace: options?.replace ?? false,
      resetScroll: false,
    });
  };
}
