import { useId, type ReactNode } from 'react';
import classes from './Panel.module.css';

interface PanelProps {
  title: string;
  hint?: ReactNode;
  actions?: ReactNode;
  footer?: ReactNode;
  busy?: boolean;
  children: ReactNode;
}

/** A titled surface; `busy` marks that what it shows is about to be replaced. */
export function Panel({ title, hint, actions, footer, busy = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id} aria-busy={busy}>
      <div className={classes.head}>
        <div className={classes.words}>
          <h2 id={id} className={classes.title}>
            {title}
          </h2>
          {hint && <p className={classes.hint}>{hint}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      <div className={busy ? classes.stale : undefined}>{children}</div>
      {footer && <div className={classes.footer}>{footer}</div>}
    </section>
  );
}
