import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Query } from "../../api/client";
import { toast } from "../feedback";
import { useProblemText } from "../ProblemText";
import { valueOf, type Column } from "./columns";
import { csvDocument, exportLimit, readAll, saveText } from "./csv";

interface Props<T> {
  /** Without extension. */
  fileName: string;
  path: string;
  query: Query;
  columns: Column<T>[];
}

/** Saves all rows under the current filters as CSV, page by page, with progress; a second press stops. */
export function ExportButton<T>({ fileName, path, query, columns }: Props<T>) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [progress, setProgress] = useState<{ rows: number; total: number } | null>(null);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = async () => {
    const abort = new AbortController();
    running.current = abort;
    setProgress({ rows: 0, total: 0 });
    try {
      const { rows, cut } = await readAll<T>(path, query, (count, total) => setProgress({ rows: count, total }), abort.signal);
      const exported = columns.filter((column) => column.csv !== false);
      saveText(`${fileName}.csv`, csvDocument([
        exported.map((column) => column.title),
        ...rows.map((row) => exported.map((column) => (column.csv ? column.csv(row) : valueOf(row, column.key)))),
      ]));
      if (cut) toast.warning(t("table.export_cut", { limit: exportLimit }));
    } catch (error) {
      if (!abort.signal.aborted) toast.error(problemText(error));
    } finally {
      setProgress(null);
    }
  };

  return progress
    ? <Button onClick={() => running.current?.abort()}><span aria-live="polite">{t("table.exporting", progress)}</span></Button>
    : <Button icon={<DownloadOutlined />} onClick={() => void run()}>{t("table.export")}</Button>;
}
