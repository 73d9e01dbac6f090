import classes from './Pulse.module.css';

interface PulseProps {
  /** One for each piece of time, the oldest first. */
  values: number[];
  /** What it shows, in a sentence. */
  summary: string;
  /** In a row of a table: without a ground line, and as low as the row. */
  tiny?: boolean;
}

const height = 100;
/** Of a bar's room; the rest is the gap to the next. */
const width = 0.72;

/** Bars of the last minutes. It is drawn anew several times a second, so it is plain SVG, and nothing of it is animated. */
export function Pulse({ values, summary, tiny = false }: PulseProps) {
  const most = Math.max(1, ...values);
  return (
    <svg
      className={tiny ? classes.tiny : classes.pulse}
      viewBox={`0 0 ${values.length} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={summary}
    >
      {values.map((value, place) => {
        // What is not nothing can be seen.
        const tall = value === 0 ? 0 : Math.max(4, (value / most) * height);
        return <rect key={place} x={place + (1 - width) / 2} y={height - tall} width={width} height={tall} />;
      })}
    </svg>
  );
}
