import classes from './Secret.module.css';

/** Text that is copied letter by letter: a key, a code, a command. */
export function Secret({ children, label }: { children: string; label: string }) {
  return (
    <pre className={classes.secret} role="group" aria-label={label}>
      {children}
    </pre>
  );
}
