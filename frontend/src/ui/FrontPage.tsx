import type { ReactNode } from 'react';
import classes from './FrontPage.module.css';

/** A page in front of the door: one card, for those who are not signed in. */
export function FrontPage({ brand, top, children }: { brand: ReactNode; top: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.page}>
      <header className={classes.top}>{top}</header>
      <main className={classes.card}>
        {brand}
        {children}
      </main>
    </div>
  );
}
