import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { explanationQuery } from '../api/answers';
import type { Answer, Question } from '../api/types';
import { useFormat } from '../i18n/useFormat';
import { Facts } from '../ui/Facts';
import { Section } from '../ui/Section';
import { SideSheet } from '../ui/SideSheet';
import { useCatalog, useSession } from '../view/session';
import { zoneOf, type View } from '../view/view';
import { AnswerNotes } from './AnswerNotes';
import { worstOf } from './freshness';
import classes from './HowCounted.module.css';
import { QueryState } from './QueryState';
import { TextLink } from './TextLink';
import { useTitles } from './words';

interface HowCountedProps {
  opened: boolean;
  metric: string;
  question: Question;
  answer: Answer;
  view: View;
  onClose: () => void;
}

/** How a number came about: what the metric means, what was asked, how fresh and whole the answer is, and what was read. */
export function HowCounted({ opened, metric, question, answer, view, onClose }: HowCountedProps) {
  const { t } = useTranslation();
  return (
    <SideSheet side="right" opened={opened} onClose={onClose} title={t('counted.title')} closeLabel={t('shell.close')}>
      <Definition metric={metric} />
      <Asked question={question} answer={answer} view={view} />
      <Trust answer={answer} view={view} />
      <Reading question={question} />
      <Access metric={metric} />
    </SideSheet>
  );
}

function Definition({ metric }: { metric: string }) {
  const { t } = useTranslation();
  const titles = useTitles();
  const { catalog } = useCatalog();
  const defined = catalog?.metrics.find((each) => each.name === metric);
  if (!defined) return null;
  return (
    <Section title={titles.metric(metric)}>
      <p>{t(`meaning.${metric}`, { defaultValue: defined.description })}</p>
      <p>
        {t('counted.formula')}: <span lang="en">{defined.formula}</span>
      </p>
      <p>{t(`counted.additivity.${defined.additivity}`)}</p>
      <Facts
        facts={[
          { name: t('counted.unit'), value: t(`unit.${defined.unit}`, { defaultValue: defined.unit }) },
          { name: t('counted.owner'), value: <span lang="en">{defined.owner}</span> },
        ]}
      />
    </Section>
  );
}

/** The way to the page that says by which rule one sees the number. */
function Access({ metric }: { metric: string }) {
  const { t } = useTranslation();
  const { can } = useSession();
  if (!can.includes('access.read')) return null;
  return (
    <p>
      <TextLink to="/access" search={{ metric }}>
        {t('counted.why')}
      </TextLink>
    </p>
  );
}

function Asked({ question, answer, view }: { question: Question; answer: Answer; view: View }) {
  const { t } = useTranslation();
  const format = useFormat();
  const matched = question.match_weekday ? `, ${t('period.matched')}` : '';
  const days = ({ from, to }: { from: string; to: string }) => `${format.day(from)} – ${format.day(to)}`;
  const span = answer.compared ? `: ${days(answer.compared)}` : '';
  const compared = question.compare
    ? t(`period.compares.${question.compare}`) + matched + span
    : t('period.compares.none');
  return (
    <Section title={t('counted.asked')}>
      <Facts
        facts={[
          { name: t('period.label'), value: days(question) },
          { name: t('period.compare'), value: compared },
          { name: t('period.site'), value: view.site?.name ?? view.sites.map((site) => site.name).join(', ') },
        ]}
      />
    </Section>
  );
}

function Trust({ answer, view }: { answer: Answer; view: View }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { asOf, pending, complete } = worstOf([answer]);
  const state =
    pending === 0
      ? t('freshness.upToDate')
      : t('freshness.pending', { count: pending, number: format.integer(pending) });
  return (
    <Section title={t('counted.trust')}>
      <Facts
        facts={[
          { name: t('freshness.asOf'), value: asOf ? format.moment(asOf, zoneOf(view)) : t('freshness.unknown') },
          { name: t('health.freshness'), value: state },
          { name: t('counted.complete'), value: complete ? t('counted.all') : t('notes.limit') },
        ]}
      />
      <div className={classes.notes}>
        <AnswerNotes answer={answer} />
      </div>
    </Section>
  );
}

/** The planner's own words, which are English. */
function Reading({ question }: { question: Question }) {
  const { t } = useTranslation();
  const query = useQuery(explanationQuery(question));
  return (
    <Section title={t('counted.reading')}>
      <QueryState query={query} lines={3}>
        {(explanation) => (
          <ul className={classes.sentences}>
            {explanation?.words.map((sentence) => (
              <li key={sentence} lang="en">
                {sentence}
              </li>
            ))}
          </ul>
        )}
      </QueryState>
    </Section>
  );
}
