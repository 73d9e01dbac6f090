import { createContext, useContext } from 'react';
import type { Catalog, Session } from '../api/types';

interface SignedIn {
  session: Session;
  catalog: Catalog | undefined;
}

export const SignedInContext = createContext<SignedIn | null>(null);

function useSignedIn(): SignedIn {
  const signedIn = useContext(SignedInContext);
  if (signedIn === null) throw new Error('this page is only for those who are signed in');
  return signedIn;
}

export function useSession(): Session {
  return useSignedIn().session;
}

/** What may be asked: screens leave out what the catalogue does not offer instead of asking and being refused. */
export function useCatalog(): {
  metric: (name: string) => boolean;
  dimension: (name: string) => boolean;
  /** `sum`, `distinct` or `ratio`; nothing for what the catalogue does not have. */
  additivity: (metric: string) => string | undefined;
  catalog: Catalog | undefined;
} {
  const { catalog } = useSignedIn();
  return {
    catalog,
    metric: (name) => catalog?.metrics.some((each) => each.name === name) ?? false,
    dimension: (name) => catalog?.dimensions.some((each) => each.name === name) ?? false,
    additivity: (name) => catalog?.metrics.find((each) => each.name === name)?.additivity,
  };
}
