import { csvAddress } from '../api/address';
import { countAt, textAt, type Count } from '../api/cells';
import { useCatalog } from '../view/session';
import { ask, type View } from '../view/view';
import { useAnswer } from './useAnswer';

interface Usage {
  of: (code: string, metric: string) => Count;
  /** The same numbers as a file, when there are any. */
  csv: string | undefined;
}

/** The use of the listed schools, books or publishers in the period, by code: one question for the whole list. */
export function useUsage(view: View, dimension: string, metrics: string[], codes: string[]): Usage {
  const catalog = useCatalog();
  const offered = metrics.filter(catalog.metric);
  const enabled = codes.length > 0 && offered.length > 0 && catalog.dimension(dimension);
  const question = ask(view, {
    metrics: offered,
    dimensions: [dimension],
    filters: [{ dimension, in: codes }],
    limit: Math.max(1, codes.length),
  });
  const { data, isPlaceholderData } = useAnswer(question, enabled);
  const rows = new Map(data?.rows.map((row) => [textAt(data, row, dimension), row]));
  const of: Usage['of'] = (code, metric) => {
    if (!data) return null;
    const row = rows.get(code);
    // The answer has rows only for what was used; listed and asked for but without a row means not used.
    if (!row) return isPlaceholderData ? null : 0;
    return countAt(data, row, metric);
  };
  return { of, csv: enabled ? csvAddress(question) : undefined };
}
