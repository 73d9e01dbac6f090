import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { peopleQuery } from '../../api/people';
import type { About } from '../../api/types';

/** The organisation whose people are on the page. */
export interface PeopleOf {
  slug: string;
  name: string;
  kind: string;
  about: About[];
}

export const PeopleContext = createContext<PeopleOf>({ slug: '', name: '', kind: '', about: [] });

export function usePeopleOf(): PeopleOf {
  return useContext(PeopleContext);
}

/** Asks anew who is in the organisation, after something about it was changed. */
export function useRenewPeople(): () => Promise<void> {
  const queries = useQueryClient();
  const { slug } = usePeopleOf();
  return () => queries.invalidateQueries({ queryKey: peopleQuery(slug).queryKey });
}
