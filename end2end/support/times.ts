// How people write a point in time, as browsers know it.

/** The day and the time of it in a language, in UTC or another zone, to the second where `at` tells it. */
export function written(at: string, language: string, timeZone = 'UTC'): string {
  const timeStyle = at.length > '2026-01-31T08:05Z'.length ? 'medium' : 'short';
  const by = (style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { timeZone, numberingSystem: 'latn', ...style }).format(new Date(at));
  return `${by({ dateStyle: 'medium' })} ${by({ timeStyle })}`;
}
