import type { ReactNode } from 'react';
import classes from './layout.module.css';

export function Stack({ children }: { children: ReactNode }) {
  return <div className={classes.stack}>{children}</div>;
}

export function Halves({ children }: { children: ReactNode }) {
  return <div className={classes.halves}>{children}</div>;
}

/** A row of metric cards, named for those who cannot see that they belong together. */
export function Cards({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.cards} role="group" aria-label={label}>
      {children}
    </div>
  );
}
