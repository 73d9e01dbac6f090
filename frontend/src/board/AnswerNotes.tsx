import { useTranslation } from 'react-i18next';
import type { Answer, Note } from '../api/types';
import { chartGrains } from '../charts/periodState';
import classes from '../ui/layout.module.css';
import { usePeriodWords } from './periodWords';

const known = ['partial_period', 'hidden', 'multi_valued', 'empty', 'limit'];

interface AnswerNotesProps {
  answer: Answer;
  /** Notes that the surroundings already say in their own way. */
  except?: string[];
}

/** The answer's own reservations, in words. What the language on screen has no words for is shown as the server said it. */
export function AnswerNotes({ answer, except = [] }: AnswerNotesProps) {
  const { t } = useTranslation();
  const { long } = usePeriodWords();
  const grain = chartGrains.find((each) => answer.columns.some(({ type }) => type === each));
  const codes = new Set(answer.notes.map((note) => note.code));
  const shown = answer.notes.filter((note, index) => {
    const first = answer.notes.findIndex((each) => each.code === note.code) === index;
    return !except.includes(note.code) && (first || !known.includes(note.code));
  });
  const partial = answer.notes.flatMap(({ code, period }) => (code === 'partial_period' && period ? [period] : []));
  const said = (note: Note) => {
    if (!known.includes(note.code)) return note.text;
    if (note.code !== 'partial_period' || !grain || partial.length === 0) return t(`notes.${note.code}`);
    return t('notes.partial_periods', { periods: partial.map((period) => long(grain, period)).join('; ') });
  };
  const cut = !answer.complete && !codes.has('limit') && !except.includes('limit');
  if (shown.length === 0 && !cut) return null;
  return (
    <ul className={classes.notes}>
      {cut && <li>{t('notes.limit')}</li>}
      {shown.map((note) => (
        <li key={`${note.code}${note.text}`}>
          {said(note)}
          {note.code === 'limit' && <span lang="en">{` (${note.text})`}</span>}
        </li>
      ))}
    </ul>
  );
}
