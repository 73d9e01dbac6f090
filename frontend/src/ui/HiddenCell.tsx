import { VisuallyHidden } from '@mantine/core';
import classes from './HiddenCell.module.css';

/** A number that is hidden to protect pupils. It is never zero, so it never looks like a number. */
export function HiddenCell({ meaning }: { meaning: string }) {
  return (
    <span className={classes.hidden} title={meaning}>
      c<VisuallyHidden>{` (${meaning})`}</VisuallyHidden>
    </span>
  );
}

export function HiddenLegend({ meaning }: { meaning: string }) {
  return (
    <p className={classes.legend}>
      <span className={classes.hidden} aria-hidden>
        c
      </span>
      <span>
        <VisuallyHidden>c: </VisuallyHidden>
        {meaning}
      </span>
    </p>
  );
}
