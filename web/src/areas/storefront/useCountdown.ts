import { useEffect, useState } from "react";

/** Milliseconds until an instant, never below 0, told every second; undefined without one. */
export function useCountdown(until: string | undefined | null): number | undefined {
  const [now, setNow] = useState(() => Date.now());
  const end = until ? new Date(until).getTime() : undefined;
  const over = end !== undefined && now >= end;
  useEffect(() => {
    if (end === undefined || over) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [end, over]);
  return end === undefined ? undefined : Math.max(0, end - now);
}

/** "1:05:09" or "04:59". */
export function clockText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
