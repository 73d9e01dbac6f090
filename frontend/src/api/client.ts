import createClient from 'openapi-fetch';
import { under } from './place';
import { problemOf, toProblem } from './problem';
import { sendProven } from './proof';
import type { paths } from './schema';

/** What is read here; files are fetched by their address. */
type Media = 'application/json' | 'application/problem+json';

const origin = globalThis.location?.origin ?? '';

/** The client is made before the page's organisation is known, so each request finds its place when it is made. */
class PlacedRequest extends Request {
  constructor(address: RequestInfo | URL, init?: RequestInit) {
    super(origin + under(String(address)), init);
  }
}

/** Asks as a member of the organisation whose page this is. */
export const client = createClient<paths, Media>({
  baseUrl: '',
  credentials: 'same-origin',
  Request: PlacedRequest,
  fetch: sendProven,
});

/** Asks for the one who is signed in, whatever the organisation. */
export const bare = createClient<paths, Media>({ baseUrl: origin, credentials: 'same-origin', fetch: sendProven });

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an accepted response; every refusal is thrown as a ProblemError. */
export async function accepted<T>(call: Promise<Outcome<T>>): Promise<T> {
  const outcome = await call.catch((error: unknown) => {
    throw toProblem(error);
  });
  const { ok, status, headers } = outcome.response;
  if (!ok) throw problemOf(status, outcome.error, headers.get('retry-after'));
  return outcome.data as T;
}
