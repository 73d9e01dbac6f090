import { IconEyeOff, IconFilterOff, IconInbox, IconLock, IconMapPinOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './State.module.css';

const icons = {
  nothing: IconInbox,
  filtered: IconFilterOff,
  forbidden: IconLock,
  hidden: IconEyeOff,
  missing: IconMapPinOff,
};

interface EmptyStateProps {
  /** Why there is nothing: not yet, filtered out, not allowed, hidden for privacy, or no such thing. */
  reason: keyof typeof icons;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ reason, title, children, action }: EmptyStateProps) {
  const Icon = icons[reason];
  return (
    <div className={classes.state} data-reason={reason}>
      <Icon size={28} stroke={1.5} aria-hidden className={classes.icon} />
      <p className={classes.title}>{title}</p>
      {children && <p className={classes.text}>{children}</p>}
      {action}
    </div>
  );
}
