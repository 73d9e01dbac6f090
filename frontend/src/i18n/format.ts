/** Numbers and dates in the words of the language on screen. */
export interface Format {
  integer: (value: number) => string;
  compact: (value: number) => string;
  decimal: (value: number | string, digits: number) => string;
  percent: (ratio: number) => string;
  /** With two decimals, for shares of money. */
  percentFine: (ratio: number) => string;
  money: (amount: string, currency: string) => string;
  day: (day: string) => string;
  dayShort: (day: string) => string;
  /** A day with its weekday, for where days are compared. */
  weekday: (day: string) => string;
  month: (month: string) => string;
  monthShort: (month: string) => string;
  /** The clock time of today, else with the day. */
  time: (instant: string, zone: string | undefined, now: Date) => string;
  moment: (instant: string, zone: string | undefined) => string;
  /** The clock time to the second, for what moves. */
  clock: (instant: string, zone: string | undefined) => string;
}

/** Intl takes decimal text as it is, so an amount keeps every digit; TypeScript's types only know numbers. */
type Numeric = Parameters<Intl.NumberFormat['format']>[0];

function utc(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function dated(language: string, options: Intl.DateTimeFormatOptions): (day: string) => string {
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
  return (day) => format.format(utc(day));
}

function localDay(instant: Date, zone: string | undefined): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(instant);
}

export function createFormat(language: string): Format {
  // "en" alone would put the month before the day; the platform is European.
  const locale = language === 'en' ? 'en-GB' : language;
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const fineShare = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const monthLong = dated(locale, { month: 'long', year: 'numeric' });
  const monthBrief = dated(locale, { month: 'short', year: 'numeric' });
  return {
    integer: (value) => whole.format(value),
    compact: (value) => short.format(value),
    decimal: (value, digits) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
        value as Numeric,
      ),
    percent: (ratio) => share.format(ratio),
    percentFine: (ratio) => fineShare.format(ratio),
    money: (amount, currency) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount as unknown as Numeric),
    day: dated(locale, { day: 'numeric', month: 'short', year: 'numeric' }),
    dayShort: dated(locale, { day: 'numeric', month: 'short' }),
    weekday: dated(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
    month: (month) => monthLong(`${month}-01`),
    monthShort: (month) => monthBrief(`${month}-01`),
    time: (instant, zone, now) => {
      const moment = new Date(instant);
      const sameDay = localDay(moment, zone) === localDay(now, zone);
      const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
      const date: Intl.DateTimeFormatOptions = sameDay ? {} : { day: 'numeric', month: 'short' };
      return new Intl.DateTimeFormat(locale, { ...date, ...clock, timeZone: zone }).format(moment);
    },
    moment: (instant, zone) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: zone }).format(
        new Date(instant),
      ),
    clock: (instant, zone) =>
      new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone }).format(
        new Date(instant),
      ),
  };
}
