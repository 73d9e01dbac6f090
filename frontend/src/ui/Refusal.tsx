import { IconAlertCircle } from '@tabler/icons-react';
import classes from './Refusal.module.css';

/** Why what was asked for was not done; spoken as soon as it appears. */
export function Refusal({ title, detail }: { title: string; detail?: string }) {
  return (
    <div className={classes.refusal} role="alert">
      <IconAlertCircle size={20} stroke={1.8} aria-hidden className={classes.icon} />
      <div>
        <p className={classes.title}>{title}</p>
        {detail && <p className={classes.detail}>{detail}</p>}
      </div>
    </div>
  );
}
