import type { ReactNode } from 'react';
import classes from './StatusDot.module.css';

interface StatusDotProps {
  tone: 'good' | 'warn' | 'bad' | 'idle';
  children: ReactNode;
}

export function StatusDot({ tone, children }: StatusDotProps) {
  return (
    <span className={classes.status} data-tone={tone}>
      <span className={classes.dot} aria-hidden />
      {children}
    </span>
  );
}
