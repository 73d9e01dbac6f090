import { under } from './place';
import type { Question } from './types';

/** Values as the API reads them: separated by commas, in double quotes where one holds a comma or a quote itself. */
function listed(values: string[]): string {
  return values.map((value) => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',');
}

/** The address that answers the same question as CSV, so that a file always equals what is on screen. */
export function csvAddress(question: Question): string {
  const parameters = new URLSearchParams({ metrics: question.metrics.join(',') });
  if (question.dimensions?.length) parameters.set('dimensions', question.dimensions.join(','));
  if (question.grain) parameters.set('grain', question.grain);
  parameters.set('from', question.from);
  parameters.set('to', question.to);
  for (const filter of question.filters ?? []) {
    if (filter.in?.length) parameters.set(`filter.${filter.dimension}`, listed(filter.in));
    if (filter.not_in?.length) parameters.set(`not.${filter.dimension}`, listed(filter.not_in));
  }
  if (question.compare) parameters.set('compare', question.compare);
  if (question.match_weekday) parameters.set('match_weekday', 'true');
  if (question.order?.length) {
    parameters.set('order', question.order.map((by) => (by.desc ? `-${by.by}` : by.by)).join(','));
  }
  if (question.limit) parameters.set('limit', String(question.limit));
  parameters.set('format', 'csv');
  return under(`/api/v1/query?${parameters.toString()}`);
}

export function statementsCsvAddress(filter: { site?: string; month?: string }): string {
  const parameters = new URLSearchParams();
  if (filter.site) parameters.set('site', filter.site);
  if (filter.month) parameters.set('month', filter.month);
  parameters.set('format', 'csv');
  return under(`/api/v1/statements?${parameters.toString()}`);
}

export function statementCsvAddress(id: string): string {
  return under(`/api/v1/statements/${encodeURIComponent(id)}?format=csv`);
}
