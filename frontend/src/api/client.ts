import createClient from 'openapi-fetch';
import { problemOf, toProblem } from './problem';
import type { paths } from './schema';

// openapi-fetch keeps the fetch it finds when the client is made; looking it up per call lets tests stub it.
export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
});

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
  if (!outcome.response.ok) throw problemOf(outcome.response.status, outcome.error);
  return outcome.data as T;
}
