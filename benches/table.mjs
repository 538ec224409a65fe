// The table and the numbers in it.

export const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(1)} kB`;
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
export const milliseconds = (seconds) => `${(seconds * 1e3).toFixed(1)} ms`;
export const count = (number) => String(number);
export const perSecond = (number) => `${number.toFixed(1)} /s`;

/** Whether more of it is better. */
const more = new Set([perSecond, count]);

/** The value below which this share of all values lies. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const median = (values) => quantile(values, 0.5);

export class Table {
  rows = [['what', 'measured', 'against', '', 'ratio']];
  /** The same as numbers: seconds, bytes, or how many in a second. */
  figures = [];

  /** A measured number, what it is held against, and how both are written. */
  add(what, measured, against, name, write) {
    this.figures.push({ what, against: name, measured, beside: against, ratio: measured / against, more: more.has(write) });
    this.rows.push([what, write(measured), write(against), name, (measured / against).toFixed(2)]);
  }

  /** What could not be measured, and why. */
  leaveOut(what, why) {
    this.rows.push([what, '', '', why, '']);
  }

  toString() {
    const widths = this.rows[0].map((_, column) => Math.max(...this.rows.map((row) => row[column].length)));
    const line = ([what, measured, against, name, ratio]) =>
      [
        what.padEnd(widths[0]),
        measured.padStart(widths[1]),
        against.padStart(widths[2]),
        name.padEnd(widths[3]),
        ratio.padStart(widths[4]),
      ].join('  ');
    const [head, ...rows] = this.rows.map(line);
    return [head, '-'.repeat(head.length), ...rows].join('\n');
  }
}
