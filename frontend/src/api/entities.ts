import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';

export interface EntitySearch {
  q?: string;
  site?: string;
  limit?: number;
}

function parameters({ q, site, limit }: EntitySearch) {
  return { query: { ...(q ? { q } : {}), ...(site ? { site } : {}), ...(limit ? { limit } : {}) } };
}

export function schoolsQuery(search: EntitySearch) {
  return queryOptions({
    queryKey: ['schools', search],
    queryFn: ({ signal }) => accepted(client.GET('/api/v1/schools', { params: parameters(search), signal })),
  });
}

export function schoolQuery(code: string) {
  return queryOptions({
    queryKey: ['school', code],
    queryFn: () => accepted(client.GET('/api/v1/schools/{code}', { params: { path: { code } } })),
  });
}

export function publishersQuery(search: EntitySearch) {
  return queryOptions({
    queryKey: ['publishers', search],
    queryFn: ({ signal }) => accepted(client.GET('/api/v1/publishers', { params: parameters(search), signal })),
  });
}

export function publisherQuery(code: string) {
  return queryOptions({
    queryKey: ['publisher', code],
    queryFn: () => accepted(client.GET('/api/v1/publishers/{code}', { params: { path: { code } } })),
  });
}

export function booksQuery(search: EntitySearch) {
  return queryOptions({
    queryKey: ['books', search],
    queryFn: ({ signal }) => accepted(client.GET('/api/v1/books', { params: parameters(search), signal })),
  });
}

export function bookQuery(code: string) {
  return queryOptions({
    queryKey: ['book', code],
    queryFn: () => accepted(client.GET('/api/v1/books/{code}', { params: { path: { code } } })),
  });
}

export function regionsQuery(search: EntitySearch) {
  return queryOptions({
    queryKey: ['regions', search],
    queryFn: ({ signal }) => accepted(client.GET('/api/v1/regions', { params: parameters(search), signal })),
  });
}
