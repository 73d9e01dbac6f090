import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './MetricCard.module.css';

const arrows = { up: IconArrowUpRight, down: IconArrowDownRight, same: IconArrowRight };

export interface CardChange {
  direction: keyof typeof arrows;
  /** The change in words, "up 12%", so that neither arrow nor colour has to be seen. */
  text: string;
}

interface MetricCardProps {
  label: string;
  value: ReactNode;
  change?: CardChange;
  previous?: string;
  children?: ReactNode;
  selected?: boolean;
  onSelect?: () => void;
}

export function MetricCard({ label, value, change, previous, children, selected = false, onSelect }: MetricCardProps) {
  const Arrow = change ? arrows[change.direction] : undefined;
  const body = (
    <>
      <span className={classes.label}>{label}</span>
      <span className={classes.value}>{value}</span>
      {(change || previous) && (
        <span className={classes.foot}>
          {change && Arrow && (
            <span className={classes.change} data-direction={change.direction}>
              <Arrow size={14} stroke={2.2} aria-hidden />
              {change.text}
            </span>
          )}
          {previous && <span className={classes.previous}>{previous}</span>}
        </span>
      )}
      {children}
    </>
  );
  if (!onSelect) {
    return (
      <div className={classes.card} role="group" aria-label={label}>
        {body}
      </div>
    );
  }
  return (
    <button type="button" className={classes.card} data-selected={selected} aria-pressed={selected} onClick={onSelect}>
      {body}
    </button>
  );
}
