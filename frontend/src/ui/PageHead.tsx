import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './PageHead.module.css';

interface PageHeadProps {
  title: string;
  eyebrow?: ReactNode;
  subtitle?: ReactNode;
  controls?: ReactNode;
  status?: ReactNode;
}

/** The top of every page: its one h1, which takes the focus when the page is opened. */
export function PageHead({ title, eyebrow, subtitle, controls, status }: PageHeadProps) {
  useDocumentTitle(`${title} · Octavo`);
  return (
    <div className={classes.head}>
      <div className={classes.words}>
        {eyebrow && <p className={classes.eyebrow}>{eyebrow}</p>}
        <h1 className={classes.title} tabIndex={-1}>
          {title}
        </h1>
        {subtitle && <p className={classes.subtitle}>{subtitle}</p>}
        {status}
      </div>
      {controls && <div className={classes.controls}>{controls}</div>}
    </div>
  );
}
