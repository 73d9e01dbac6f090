import type { ChartTokens } from '../tokens/chart';
import classes from './Chart.module.css';
import { isBarred, type ChartModel } from './model';
import { colourOf, type ChartWords } from './option';

interface LegendProps {
  model: ChartModel;
  tokens: ChartTokens;
  words: ChartWords;
}

export function Legend({ model, tokens, words }: LegendProps) {
  const partial = (['running', 'cut'] as const).filter((state) => model.states.includes(state));
  return (
    <ul className={classes.legend}>
      {model.series.map((series, index) => (
        <li key={`${series.metric}${series.previous}`}>
          <span
            className={classes.key}
            data-dash={series.previous && !isBarred(model.grain) ? 'dotted' : undefined}
            style={{ borderColor: colourOf(model, index, tokens) }}
            aria-hidden
          />
          {series.axis === 1 ? words.onRight(words.series(series)) : words.series(series)}
        </li>
      ))}
      {model.series.some((series) => series.values.includes('c')) && (
        <li>
          <i>c</i> {words.hidden}
        </li>
      )}
      {partial.length > 0 && (
        <li>
          <span
            className={classes.key}
            data-dash="dashed"
            style={{ borderColor: colourOf(model, 0, tokens) }}
            aria-hidden
          />
          {partial.map((state) => words.state[state]).join(', ')}
        </li>
      )}
    </ul>
  );
}
