import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import { under } from './place';

export interface AuditSearch {
  from?: string;
  to?: string;
  action?: string;
  q?: string;
  organisation?: string;
  /** The entry before which to go on reading. */
  before?: number;
}

const perPage = 50;

function given<Search extends AuditSearch>(search: Search): Search {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ''),
  ) as Search;
}

export function auditQuery(search: AuditSearch) {
  const query = { ...given(search), limit: perPage };
  return queryOptions({
    queryKey: ['audit', query],
    queryFn: ({ signal }) => accepted(client.GET('/api/v1/audit', { params: { query }, signal })),
  });
}

/** The same entries as a file; it begins with the newest, whatever page is on screen. */
export function auditCsvAddress(search: Omit<AuditSearch, 'before'>): string {
  const parameters = new URLSearchParams({ ...given(search), format: 'csv' });
  return under(`/api/v1/audit?${parameters.toString()}`);
}
