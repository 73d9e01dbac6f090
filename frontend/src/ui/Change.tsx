import { VisuallyHidden } from '@mantine/core';
import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from '@tabler/icons-react';
import classes from './Change.module.css';

const arrows = { up: IconArrowUpRight, down: IconArrowDownRight, same: IconArrowRight };

export interface ChangeWords {
  direction: keyof typeof arrows;
  /** The change in words, "up 12%", so that neither arrow nor colour has to be seen. */
  text: string;
  /** The same as a signed number, for a column of them. */
  signed: string;
  /** Of a period that is not over: drawn without a verdict. */
  soFar: boolean;
}

const verdict = ({ direction, soFar }: ChangeWords) => (soFar ? 'open' : direction);

export function Change({ change }: { change: ChangeWords }) {
  const Arrow = arrows[change.direction];
  return (
    <span className={classes.change} data-direction={verdict(change)}>
      <Arrow size={14} stroke={2.2} aria-hidden />
      {change.text}
    </span>
  );
}

export function SignedChange({ change }: { change: ChangeWords }) {
  return (
    <span className={classes.signed} data-direction={verdict(change)} title={change.text}>
      <span aria-hidden>{change.signed}</span>
      <VisuallyHidden>{change.text}</VisuallyHidden>
    </span>
  );
}
