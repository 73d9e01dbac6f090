import type { Answer, Cell, Column, Question } from '../api/types';
import { entities, unitOf } from './people';

const hours = ['2026-11-21T08:00+02:00', '2026-11-21T09:00+02:00'];
const days = ['2026-11-19', '2026-11-20', '2026-11-21'];
const weeks = ['2026-W46', '2026-W47'];
const months = ['2026-09', '2026-10'];
const terms = ['2025/26 spring', '2026/27 autumn'];
const running = ['2026-11-21', '2026-W47', '2026/27 autumn'];

function periodsOf(grain: string | null | undefined): (string | null)[] {
  if (!grain) return [null];
  return { hour: hours, day: days, week: weeks, month: months, term: terms }[grain] ?? [null];
}

/**
 * A small answer of the right shape on 21 November 2026: numbers 100, 101, …; totals 321 and 300 before; one hidden cell
 * when protected.
 */
export function answerTo(question: Question, isProtected = false): Answer {
  const dimensions = question.dimensions ?? [];
  const columns: Column[] = [
    ...(question.grain ? [{ name: question.grain, type: question.grain as Column['type'], unit: null }] : []),
    ...dimensions.flatMap((name): Column[] => [
      { name, type: 'code', unit: null },
      ...(entities.includes(name) ? [{ name: `${name}_name`, type: 'text' as const, unit: null }] : []),
    ]),
    ...question.metrics.map((name): Column => ({ name, type: 'integer', unit: unitOf(name) })),
    ...(question.compare
      ? question.metrics.map((name): Column => ({ name: `${name}_previous`, type: 'integer', unit: unitOf(name) }))
      : []),
  ];
  const members = dimensions.length > 0 ? ['A', 'B'] : [''];
  const rows = periodsOf(question.grain).flatMap((period) =>
    members.map((member, place): Cell[] => [
      ...(period === null ? [] : [period]),
      ...dimensions.flatMap((name) =>
        entities.includes(name) ? [`${name}/${member}`, `${name} ${member}`] : [member],
      ),
      ...question.metrics.map((_, index) => (isProtected && place === 1 ? 'c' : 100 + index)),
      ...(question.compare ? question.metrics.map(() => 90) : []),
    ]),
  );
  const totals = Object.fromEntries(
    question.metrics.flatMap((name) => [[name, 321], ...(question.compare ? [[`${name}_previous`, 300]] : [])]),
  ) as Answer['totals'];
  const seen = { refreshed_at: '2026-11-21T07:12:15Z', last_event_at: '2026-11-21T07:12:00Z', pending: 0 };
  return {
    columns,
    rows,
    totals,
    as_of: '2026-11-21T07:12:15Z',
    freshness: { ee: seen, fi: seen },
    ...(question.compare ? { compared: { from: '2026-09-27', to: '2026-10-24' } } : {}),
    complete: true,
    plan: { rollup: 'book_day', sources: ['book_day'], rows_read: 1, reasons: [] },
    notes: [
      ...(isProtected ? [{ code: 'hidden', text: 'cells are hidden' }] : []),
      ...periodsOf(question.grain).flatMap((period) =>
        period !== null && running.includes(period)
          ? [{ code: 'partial_period', text: `${period} is not over`, period }]
          : [],
      ),
    ],
  };
}
