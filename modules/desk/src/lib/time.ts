// Times as an agent reads them.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `4:05` below an hour, `2 h 10 min` below a day, `3 d 4 h` above; never below zero. */
export function countdown(milliseconds: number): string {
  const left = Math.max(0, milliseconds);
  if (left < HOUR) {
    const seconds = Math.ceil(left / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  if (left < DAY) return `${Math.floor(left / HOUR)} h ${Math.floor((left % HOUR) / MINUTE)} min`;
  return `${Math.floor(left / DAY)} d ${Math.floor((left % DAY) / HOUR)} h`;
}

/** `now`, `4 min`, `3 h`, `2 d`: how long ago, for lists. */
export function ago(at: string, now: number): string {
  const past = now - Date.parse(at);
  if (past < MINUTE) return "now";
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h`;
  if (past < 14 * DAY) return `${Math.floor(past / DAY)} d`;
  return said(DATE, at);
}

/** How long: `45 s`, `3 min`, `1 h 5 min`. */
export function lasting(seconds: number | null): string {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** A due time: what is left, or by how much it is over. */
export function due(at: string, now: number): { over: boolean; text: string } {
  const left = Date.parse(at) - now;
  return left >= 0 ? { over: false, text: coarse(left) } : { over: true, text: `${coarse(-left)} over` };
}

function coarse(milliseconds: number): string {
  if (milliseconds < 10 * MINUTE) return countdown(milliseconds);
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min`;
  return countdown(milliseconds);
}

// Made once: to make one takes longer than to draw a row of the list that asks for it.
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const MOMENT = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const DATE = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** In words by a format, also where the time cannot be read. */
const said = (format: Intl.DateTimeFormat, at: string) => {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "Invalid Date" : format.format(date);
};

export const clock = (at: string) => said(CLOCK, at);

/** The clock on a customer's wall, of a time that names its own offset: `00:09` of `2026-11-23T00:09:15-08:00`. */
export const wallClock = (local: string) => /T(\d\d:\d\d)/.exec(local)?.[1] ?? local;

export const moment = (at: string) => said(MOMENT, at);

export const day = (at: string) => said(WEEKDAY, at);

/** The usual times to come back, by the agent's own clock. */
export function snoozes(now: Date): { label: string; until: Date }[] {
  const at = (days: number, hour: number) => {
    const then = new Date(now);
    then.setDate(then.getDate() + days);
    then.setHours(hour, 0, 0, 0);
    return then;
  };
  const toMonday = ((8 - now.getDay()) % 7 || 7) as number;
  const choices = [
    { label: "In an hour", until: new Date(now.getTime() + HOUR) },
    { label: "In three hours", until: new Date(now.getTime() + 3 * HOUR) },
    { label: "Tomorrow at nine", until: at(1, 9) },
  ];
  if (toMonday > 1) choices.push({ label: "Monday at nine", until: at(toMonday, 9) });
  return choices;
}
