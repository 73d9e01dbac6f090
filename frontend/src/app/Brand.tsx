import classes from './Shell.module.css';

export function Brand() {
  return (
    <span className={classes.brand}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--o-accent)" />
        <path
          d="M7 9.500c3-1.200 6-1 9 .8 3-1.800 6-2 9-.8v13c-3-1.200-6-1-9 .8-3-1.800-6-2-9-.8zM16 10.300v13"
          fill="none"
          stroke="var(--o-surface)"
          strokeWidth="2"
          strokeLinejoin="round"
        />
      </svg>
      Octavo
    </span>
  );
}
