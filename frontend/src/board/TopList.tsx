import { useTranslation } from 'react-i18next';
import { csvAddress } from '../api/address';
import { countAt, textAt } from '../api/cells';
import type { Answer, Cell, Question } from '../api/types';
import { SignedChange } from '../ui/Change';
import { DataTable } from '../ui/DataTable';
import { DownloadLink } from '../ui/DownloadLink';
import { Panel } from '../ui/Panel';
import { useCatalog } from '../view/session';
import { ask, isRunning, type View } from '../view/view';
import { AnswerNotes } from './AnswerNotes';
import { CountText } from './CountText';
import { EmptyAnswer } from './EmptyAnswer';
import { EntityLink, isLinked } from './EntityLink';
import { QueryState } from './QueryState';
import { useAnswer } from './useAnswer';
import { useChange } from './useChange';
import { useTitles } from './words';
import { TextLink } from './TextLink';

interface TopListProps {
  view: View;
  title: string;
  dimension: string;
  /** What is shown; the first orders the list. */
  metrics: string[];
  filters?: Question['filters'];
  limit?: number;
  /** By the dimension itself, for what has an order of its own such as grades and chapters. */
  natural?: boolean;
  all?: '/schools' | '/books' | '/publishers';
}

const byNature = new Intl.Collator('en', { numeric: true });

/** The most used of a kind in the period and how each changed, each a way into its own page. */
export function TopList({ view, title, dimension, metrics, filters, limit = 10, natural = false, all }: TopListProps) {
  const { t } = useTranslation();
  const titles = useTitles();
  const catalog = useCatalog();
  const changeOf = useChange();
  const offered = metrics.filter(catalog.metric);
  const [leading] = offered;
  const order = leading && !natural ? [{ by: leading, desc: true }] : undefined;
  const part = { metrics: offered, dimensions: [dimension], filters, limit, ...(order ? { order } : {}) };
  const question = ask(view, part, { compared: true });
  const may = leading !== undefined && catalog.dimension(dimension);
  const query = useAnswer(question, may);
  if (!may) return null;

  const nameOf = (answer: Answer, row: Cell[]) => {
    const code = textAt(answer, row, dimension);
    if (code === null) return t('list.none', { dimension: titles.dimension(dimension).toLowerCase() });
    const name = textAt(answer, row, `${dimension}_name`) ?? titles.value(dimension, code);
    return isLinked(dimension) ? <EntityLink dimension={dimension} code={code} name={name} /> : name;
  };
  const rowsOf = (answer: Answer) => {
    // What has no book, grade … and counts nothing (sign-ins, say) has nothing to tell here.
    const said = answer.rows.filter(
      (row) => textAt(answer, row, dimension) !== null || offered.some((metric) => countAt(answer, row, metric) !== 0),
    );
    if (!natural) return said;
    return said.sort((a, b) =>
      byNature.compare(textAt(answer, a, dimension) ?? '', textAt(answer, b, dimension) ?? ''),
    );
  };
  const changeIn = (answer: Answer) => (row: Cell[]) =>
    changeOf(leading, countAt(answer, row, leading), countAt(answer, row, `${leading}_previous`), isRunning(view));
  const changeColumn = (answer: Answer) => ({
    key: 'change',
    header: t('card.change'),
    numeric: true,
    render: (row: Cell[]) => {
      const change = changeIn(answer)(row);
      return change ? <SignedChange change={change} /> : '–';
    },
  });
  const columnOf = (answer: Answer, metric: string) => ({
    key: metric,
    header: titles.metric(metric),
    numeric: true,
    render: (row: Cell[]) => <CountText metric={metric} value={countAt(answer, row, metric)} />,
  });
  const largest = (answer: Answer) =>
    Math.max(1, ...answer.rows.map((row) => Number(countAt(answer, row, leading)) || 0));

  return (
    <Panel
      title={title}
      busy={query.isPlaceholderData}
      actions={<DownloadLink href={csvAddress(question)} text={t('download.csv')} what={title} />}
      footer={
        query.data && query.data.rows.length > 0 && (!query.data.complete || all) ? (
          <>
            {!query.data.complete && <span>{t('list.cut', { count: query.data.rows.length })} </span>}
            {all && (
              <TextLink to={all} underline="always">
                {t(`list.all.${dimension}`)}
              </TextLink>
            )}
            <AnswerNotes answer={query.data} except={['limit', 'partial_period', 'empty']} />
          </>
        ) : undefined
      }
    >
      <QueryState query={query} lines={6}>
        {(answer) =>
          rowsOf(answer).length === 0 ? (
            <EmptyAnswer answer={answer} />
          ) : (
            <DataTable
              caption={title}
              rows={rowsOf(answer)}
              rowKey={(row, index) => textAt(answer, row, dimension) ?? `none${index}`}
              columns={[
                {
                  key: 'name',
                  header: titles.dimension(dimension),
                  render: (row) => nameOf(answer, row),
                  bar: (row) => (Number(countAt(answer, row, leading)) || 0) / largest(answer),
                },
                columnOf(answer, leading),
                // Where every base is too small there is nothing to say of changes.
                ...(rowsOf(answer).some(changeIn(answer)) ? [changeColumn(answer)] : []),
                ...offered.slice(1).map((metric) => columnOf(answer, metric)),
              ]}
            />
          )
        }
      </QueryState>
    </Panel>
  );
}
