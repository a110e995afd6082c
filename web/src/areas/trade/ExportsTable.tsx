import { DownloadOutlined } from "@ant-design/icons";
import { Button, Progress } from "antd";
import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { useDownload } from "../../ui/useDownload";
import type { Side } from "./side";

interface ExportRecord {
  id: string;
  list: string;
  format: "xlsx" | "csv";
  state: "QUEUED" | "RUNNING" | "READY" | "EXPIRED" | "FAILED";
  rows: number;
  total: number;
  capped: boolean;
  size: number;
  progress: number;
  userName: string;
  createdAt: string;
  expiresAt?: string;
}

const paths: Record<Side, string> = { buyer: "/api/v1/exports", seller: "/api/v1/seller/exports", operator: "/api/v1/operator/exports" };
const pause = 4000;

const sizeText = (bytes: number): string => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

/** Export records (导出记录): files of lists, how far they are, and their download. */
function Exports({ side }: { side: Side }) {
  const { t } = useTranslation("life");
  const path = paths[side];
  return (
    <Page title={t("export.title")} intro={t("export.intro")}>
      <ResourceTable<ExportRecord>
        id={`${side}.exports`} path={path} label={t("export.title")} rowKey={(row) => row.id} exportable={false} refreshEvery={pause}
        columns={[
          { key: "list", title: t("export.list"), main: true, render: (row) => `${t(`export.lists.${row.list.split(".")[1]}`)} · ${row.format.toUpperCase()}` },
          { key: "state", title: t("export.state"), render: (row) => (row.state === "RUNNING" || row.state === "QUEUED"
            ? <span style={{ display: "inline-flex", gap: 8, alignItems: "center" }}><StateTag kind="export" state={row.state} /><Progress percent={row.progress} size="small" style={{ width: 120, margin: 0 }} aria-label={t("export.progress")} /></span>
            : <StateTag kind="export" state={row.state} />) },
          { key: "rows", title: t("export.rows"), align: "right", render: (row) => <>{row.rows.toLocaleString("en-US")}{row.capped && <><br /><span className="faint">{t("export.capped")}</span></>}</> },
          { key: "size", title: t("export.size"), align: "right", render: (row) => (row.size > 0 ? sizeText(row.size) : "–") },
          { key: "userName", title: t("export.by"), hidden: true },
          { key: "createdAt", title: t("export.asked"), render: (row) => <Time at={row.createdAt} detail="second" /> },
          { key: "expiresAt", title: t("export.until"), render: (row) => (row.expiresAt ? <Time at={row.expiresAt} /> : "–") },
        ]}
        rowActions={(row) => row.state === "READY" && <Download path={`${path}/${row.id}/file`} name={`${row.list.split(".")[1]}-${row.createdAt.slice(0, 10)}.${row.format}`} />}
        empty={{ title: t("export.none"), hint: t("export.none_hint") }}
      />
    </Page>
  );
}

function Download({ path, name }: { path: string; name: string }) {
  const { t } = useTranslation("life");
  const { busy, save } = useDownload();
  return <Button size="small" icon={<DownloadOutlined />} loading={busy} onClick={() => void save(path, name)}>{t("export.download")}</Button>;
}

/** The pages of the three consoles. */
export const BuyerExportsPage = () => <Exports side="buyer" />;
export const SellerExportsPage = () => <Exports side="seller" />;
export const OperatorExportsPage = () => <Exports side="operator" />;
