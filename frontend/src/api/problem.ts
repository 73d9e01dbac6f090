import type { Problem } from './types';

interface Refused extends Pick<Problem, 'title' | 'status' | 'code' | 'detail'> {
  pointer?: string | null;
  retryAfter?: number;
}

/** A refusal of the server (RFC 9457), or status 0 when it could not be reached at all. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly pointer: string | undefined;
  /** In how many seconds it is worth trying again, when the server said so. */
  readonly retryAfter: number | undefined;

  constructor(problem: Refused) {
    super(problem.title);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.pointer = problem.pointer ?? undefined;
    this.retryAfter = problem.retryAfter;
  }
}

export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ProblemError({ title: 'unreachable', status: 0, code: 'unreachable', detail });
}

export function isProblem(error: unknown, status: number): boolean {
  return error instanceof ProblemError && error.status === status;
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof ProblemError && codes.includes(error.code);
}

/** Reads a refused response's body; a proxy between may have put anything there. */
export function problemOf(status: number, body: unknown, retryAfter: string | null = null): ProblemError {
  const given = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {};
  const seconds = Number(retryAfter ?? NaN);
  return new ProblemError({
    title: given.title ?? `HTTP ${status}`,
    status,
    code: given.code ?? 'internal',
    detail: given.detail ?? '',
    pointer: given.pointer,
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
  });
}
