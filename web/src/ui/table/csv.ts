import { get, type Page, type Query } from "../../api/client";

/** Rows of one export at most; a larger one is cut and says so. */
export const exportLimit = 10_000;

/**
 * One CSV cell. Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers,
 * negative ones included, do not.
 */
export function csvCell(value: unknown): string {
  let text = value === null || value === undefined ? "" : String(value);
  if (/^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A CSV document; the byte order mark makes spreadsheets read Chinese as UTF-8. */
export const csvDocument = (rows: unknown[][]): string => "\ufeff" + rows.map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";

/** Reads every page of a list under the given filters, up to exportLimit rows. */
export async function readAll<T>(
  path: string, query: Query, onProgress: (rows: number, total: number) => void, signal: AbortSignal,
): Promise<{ rows: T[]; cut: boolean }> {
  const rows: T[] = [];
  let cursor = "";
  do {
    const page: Page<T> = await get<Page<T>>(path, { ...query, limit: 100, cursor }, signal);
    rows.push(...page.items);
    onProgress(rows.length, page.total);
    cursor = page.next;
  } while (cursor && rows.length < exportLimit);
  return { rows: rows.slice(0, exportLimit), cut: cursor !== "" || rows.length > exportLimit };
}

/** Offers text as a file to save. */
export function saveText(name: string, text: string, type = "text/csv;charset=utf-8"): void {
  saveFile(name, new Blob([text], { type }));
}

/** Offers a file to save. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
