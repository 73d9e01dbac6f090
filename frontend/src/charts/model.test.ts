import { describe, expect, it } from 'vitest';
import { answerTo } from '../testing/answers';
import { periodDays } from '../view/calendar';
import { chartModel, extremes } from './model';

const range = { from: '2026-11-01', to: '2026-11-21' };
const question = { metrics: ['readers', 'views'], grain: 'day', ...range, compare: 'previous_period' as const };
const clock = { today: '2026-11-21', now: Date.parse('2026-11-21T10:20:00Z') };

function modelOf(metrics: string[], answer = answerTo(question), alignedEnds = true) {
  return chartModel({ answer, metrics, clock, daysOf: periodDays, alignedEnds });
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
    expect(modelOf(['views'])?.states).toEqual(['whole', 'whole', 'running']);
    const weeks = answerTo({ ...question, grain: 'week' });
    const notes = ['2026-W44', '2026-W47'].map((period) => ({ code: 'partial_period', text: 'in part', period }));
    const rows = ['2026-W44', '2026-W46', '2026-W47'].map((week) => [week, 1, 1, 1, 1]);
    expect(modelOf(['views'], { ...weeks, rows, notes })?.states).toEqual(['cut', 'whole', 'running']);
  });

  it('compares only whole periods, and its ends only when they are cut alike', () => {
    expect(modelOf(['views'])?.comparable).toEqual([true, true, false]);
    expect(modelOf(['views'], answerTo(question), false)?.comparable).toEqual([false, true, false]);
  });

  it('draws nothing of what has not begun, but all of what it is compared with', () => {
    const rows = ['2026-11-20', '2026-11-21', '2026-11-22'].map((day) => [day, 5, 50, 4, 40]);
    const model = modelOf(['readers'], { ...answerTo(question), rows });
    expect(model?.series.map((series) => series.values)).toEqual([
      [5, 5, null],
      [4, 4, 4],
    ]);
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

  it('knows its lowest and highest whole period', () => {
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
