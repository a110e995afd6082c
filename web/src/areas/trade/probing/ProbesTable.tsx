import { useTranslation } from "react-i18next";
import { ResourceTable, type Column } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { DayStrip } from "./DayStrip";
import { probesPath, type ProbedProduct, type ProbeSide } from "./probing";

/** Probed products of one seller, or of all for operators, with the runs of the last seven days. */
export function ProbesTable({ side }: { side: ProbeSide }) {
  const { t } = useTranslation("quality");
  const columns: Column<ProbedProduct>[] = [
    { key: "name", title: t("probing.product"), main: true },
    ...(side === "operator" ? [{ key: "sellerName", title: t("probing.seller") }] : []),
    { key: "state", title: t("probing.product_state"), render: (row) => <StateTag kind="product" state={row.state} {...(row.frozen ? { next: t("probing.frozen") } : {})} /> },
    { key: "days", title: t("probing.days"), render: (row) => <DayStrip days={row.days} />, csv: (row) => row.days.map((day) => `${day.day} ${day.am || "-"}/${day.pm || "-"}`).join("; ") },
    { key: "failingDays", title: t("probing.failing_days"), align: "right", render: (row) => (row.failingDays > 0 ? <strong>{row.failingDays}</strong> : <span className="faint">0</span>) },
    { key: "lastState", title: t("probing.last"), render: (row) => (row.lastAt ? <><StateTag kind="probe" state={row.lastState} /><br /><span className="faint"><Time at={row.lastAt} /></span></> : <span className="faint">–</span>), csv: (row) => row.lastState },
    ...(side === "operator" ? [{ key: "tasks", title: t("probing.tasks_count"), align: "right" as const, render: (row: ProbedProduct) => (row.tasks > 0 ? <strong>{row.tasks}</strong> : <span className="faint">0</span>) }] : []),
  ];
  return (
    <ResourceTable<ProbedProduct>
      id={`${side}.probes`} path={probesPath[side]} label={t("probing.title")} rowKey={(row) => row.productId} rowLink={(row) => `/${side}/probing/${row.productId}`} columns={columns} refreshEvery={30_000}
      filters={[
        { key: "q", type: "text", label: t(side === "operator" ? "probing.search" : "probing.search_mine") },
        { key: "view", type: "select", label: t("probing.view"), options: ["failing", "frozen", ...(side === "operator" ? ["tasks"] : [])].map((value) => ({ value, label: t(`probing.views.${value}`) })) },
      ]}
      empty={{ title: t("probing.none"), hint: t("probing.none_hint") }}
    />
  );
}
