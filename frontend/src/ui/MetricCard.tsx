import { ActionIcon } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Change, type ChangeWords } from './Change';
import classes from './MetricCard.module.css';

interface MetricCardProps {
  label: string;
  value: ReactNode;
  change?: ChangeWords;
  previous?: string;
  children?: ReactNode;
  selected?: boolean;
  onSelect?: () => void;
  /** Opens what there is to say about the number. */
  about?: { label: string; onOpen: () => void };
}

export function MetricCard({
  label,
  value,
  change,
  previous,
  children,
  selected = false,
  onSelect,
  about,
}: MetricCardProps) {
  const body = (
    <>
      <span className={classes.label}>{label}</span>
      <span className={classes.value}>{value}</span>
      {(change || previous) && (
        <span className={classes.foot}>
          {change && <Change change={change} />}
          {previous && <span className={classes.previous}>{previous}</span>}
        </span>
      )}
      {children}
    </>
  );
  return (
    <div
      className={classes.card}
      data-selected={selected}
      role={onSelect ? undefined : 'group'}
      aria-label={onSelect ? undefined : label}
    >
      {onSelect ? (
        <button type="button" className={classes.face} aria-pressed={selected} onClick={onSelect}>
          {body}
        </button>
      ) : (
        <div className={classes.face}>{body}</div>
      )}
      {about && (
        <ActionIcon
          className={classes.about}
          variant="subtle"
          color="gray"
          size={26}
          aria-label={about.label}
          title={about.label}
          aria-haspopup="dialog"
          onClick={about.onOpen}
        >
          <IconHelpCircle size={17} stroke={1.7} aria-hidden />
        </ActionIcon>
      )}
    </div>
  );
}
