import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { queryString, type Query } from "../../api/client";
import { useDownload } from "../../ui/useDownload";

/** Saves the server's CSV of a list under the filters now set; its heads are in the language shown. */
export function CsvButton({ path, query, fileName }: { path: string; query: () => Query; fileName: string }) {
  const { t } = useTranslation("trade");
  const { busy, save } = useDownload();
  const accept = { Accept: "text/csv, application/problem+json" };
  return <Button icon={<DownloadOutlined />} loading={busy} onClick={() => void save(path + queryString(query()), fileName, accept)}>{t("orders.csv")}</Button>;
}
