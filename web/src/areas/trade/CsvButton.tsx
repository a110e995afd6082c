import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryString, type Query } from "../../api/client";
import { placed } from "../../api/realm";
import { transport } from "../../api/transport";
import { toast } from "../../ui/feedback";
import { useProblemText } from "../../ui/ProblemText";

/** Saves the server's CSV of a list under the filters now set; fetched, so that its heads are in the language shown. */
export function CsvButton({ path, query, fileName }: { path: string; query: () => Query; fileName: string }) {
  const { t } = useTranslation("trade");
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const response = await transport(new Request(location.origin + placed(path) + queryString(query()), { headers: { Accept: "text/csv, application/problem+json" } }));
      const url = URL.createObjectURL(await response.blob());
      const link = document.createElement("a");
      link.href = url;
      link.download = fileName;
      link.click();
      URL.revokeObjectURL(url);
    } catch (error) {
      toast.error(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return <Button icon={<DownloadOutlined />} loading={busy} onClick={() => void save()}>{t("orders.csv")}</Button>;
}
