import { vi } from 'vitest';
import type { Question, Session } from '../api/types';
import { placeOf } from '../api/place';
import { answerTo } from './answers';
import { dataHealth, waiting } from './dataHealth';
import { accessOf, organisationAnswers } from './organisationAnswers';
import { catalogOf } from './people';
import { writeKeys } from './writeKeys';

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Handler = (path: string, body: unknown, method: string) => Answer | undefined;

export function problem(status: number, code: string, detail = ''): Answer {
  return { status, body: { type: 'about:blank', title: code, status, code, detail } };
}

const lists: Record<string, unknown> = {
  ...organisationAnswers,
  '/api/v1/data-health': dataHealth,
  '/api/v1/quarantine': { items: [waiting] },
  '/api/v1/aliases': { items: [] },
  '/api/v1/write-keys': writeKeys,
  '/api/v1/pools': { items: [] },
  '/api/v1/statements': {
    items: [
      {
        id: 'abc',
        site: 'ee',
        month: '2026-10',
        publisher: 'alma',
        publisher_name: 'Alma',
        currency: 'EUR',
        amount: '1234.56',
        units: '10200.000',
        units_total: '99000.000',
        pool: '125000.00',
        created_at: '2026-11-02T08:00:00Z',
      },
    ],
    total: 1,
  },
  '/api/v1/schools/ee:S001': {
    code: 'ee:S001',
    name: 'Tallinn School 1',
    site: 'ee',
    region: 'ee:harju',
    region_name: 'Harju',
    licences: 420,
  },
};

const explanation = { candidates: [], statements: [], words: ['book chosen: book keeps just this.'] };

/** What anybody may ask for. */
const open = ['/api/v1/identity-providers'];

/** Stands in for the server: what the contract says, for one who is signed in as `session` (or nobody). */
export function stubServer(session: Session | null, special: Handler = () => undefined) {
  const asked: { method: string; path: string; body: unknown; place: string }[] = [];
  const respond = (method: string, path: string, body: unknown, parameters: URLSearchParams): Answer => {
    const own = special(path, body, method);
    if (own) return own;
    if (session === null && !open.includes(path)) return problem(401, 'sign_in');
    if (session === null) return { status: 200, body: lists[path] };
    if (path === '/api/v1/session') return { status: 200, body: session };
    if (path === '/api/v1/catalog') return { status: 200, body: catalogOf(session) };
    if (path === '/api/v1/query')
      return { status: 200, body: { ...answerTo(body as Question, session.lens === 'protected'), explanation } };
    if (path === '/api/v1/access') return { status: 200, body: accessOf(session, parameters.get('metric')) };
    const found = method === 'GET' ? lists[decodeURIComponent(path)] : undefined;
    return found === undefined ? problem(404, 'not_found') : { status: 200, body: found };
  };
  vi.stubGlobal('fetch', async (request: Request) => {
    const text = request.method === 'GET' ? '' : await request.clone().text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const { pathname, search, searchParams } = new URL(request.url);
    const place = placeOf(pathname);
    const path = pathname.slice(place.length);
    asked.push({ method: request.method, path: path + search, body, place });
    const response = respond(request.method, path, body, searchParams);
    const type = response.status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(response.body === undefined ? null : JSON.stringify(response.body), {
      status: response.status,
      headers: { 'content-type': type, ...response.headers },
    });
  });
  return asked;
}
