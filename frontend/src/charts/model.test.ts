import { describe, expect, it } from 'vitest';
import { answerTo } from '../testing/answers';
import { periodRange } from '../view/dates';
import { chartModel, extremes } from './model';

const range = { from: '2026-11-01', to: '2026-11-21' };
const question = { metrics: ['readers', 'views'], grain: 'day', ...range, compare: 'previous_period' as const };

function modelOf(metrics: string[], answer = answerTo(question)) {
  return chartModel({ answer, metrics, range, today: '2026-11-21', periodRange });
}

describe('a chart model', () => {
  it('has the wanted metrics, the former period of the leading one, and a second axis for another unit', () => {
    const model = modelOf(['readers', 'views']);
    expect(model?.periods).toEqual(['2026-11-19', '2026-11-20', '2026-11-21']);
    expect(model?.series.map(({ metric, previous, axis }) => [metric, previous, axis])).toEqual([
      ['readers', false, 0],
      ['views', false, 1],
      ['readers', true, 0],
    ]);
    expect(model?.series[2]?.values).toEqual([90, 90, 90]);
  });

  it('marks what is still running or stands only in part in the range', () => {
    expect(modelOf(['views'])?.unfinished).toEqual([false, false, true]);
    const weeks = answerTo({ ...question, grain: 'week' });
    expect(
      modelOf(['views'], {
        ...weeks,
        rows: [
          ['2026-W44', 1, 1, 1, 1],
          ['2026-W46', 1, 1, 1, 1],
        ],
      })?.unfinished,
    ).toEqual([true, false]);
  });

  it('keeps hidden and missing apart from zero', () => {
    const answer = {
      ...answerTo(question),
      rows: [
        ['2026-11-19', 'c', 1],
        ['2026-11-20', null, 1],
        ['2026-11-21', 0, 1],
      ],
    };
    expect(modelOf(['readers'], answer)?.series[0]?.values).toEqual(['c', null, 0]);
  });

  it('is none without periods or metrics', () => {
    expect(modelOf(['nothing'])).toBeNull();
    expect(modelOf(['views'], answerTo({ ...question, grain: undefined }))).toBeNull();
  });

  it('knows its lowest and highest finished period', () => {
    const answer = {
      ...answerTo(question),
      rows: [
        ['2026-11-19', 5, 1],
        ['2026-11-20', 9, 1],
        ['2026-11-21', 1, 1],
      ],
    };
    const model = modelOf(['readers'], answer);
    expect(model && extremes(model)).toEqual({
      lowest: { period: '2026-11-19', value: 5 },
      highest: { period: '2026-11-20', value: 9 },
    });
  });
});
