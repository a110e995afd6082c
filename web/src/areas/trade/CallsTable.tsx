import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get, type Page } from "../../api/client";
import { useSession } from "../../api/session";
import { currentLang } from "../../i18n";
import { ResourceTable, type Column, type Filter } from "../../ui/ResourceTable";
import { LinkButton } from "../../ui/LinkButton";
import { readListUrl } from "../../ui/table/listUrl";
import { Time } from "../../ui/Time";
import { activities, callStates, type ServiceCall } from "./call";
import { CallTag } from "./CallTag";
import { withInstants } from "./day";
import { ExportMenu } from "./ExportMenu";
import { callsPath } from "./side";

const refreshEvery = 10_000;
const filterKeys = ["q", "problem", "state", "activity", "generation", "productId", "createdFrom", "createdTo"];

interface OwnProduct {
  id: string;
  name: { zh: string; en: string };
}

/** Service Interface Messages (生产接口消息) of one seller, or of all for operators. */
export function CallsTable({ side }: { side: "seller" | "operator" }) {
  const { t } = useTranslation("trade");
  const { t: q } = useTranslation("quality");
  const { site, can } = useSession();
  const product = useProductFilter(side, can("product:read"));
  const toQuery = (filters: Record<string, string>) => withInstants(filters, "created", site.timeZone);
  const columns: Column<ServiceCall>[] = [
    { key: "activity", title: t("calls.activity"), main: true, render: (call) => <span className="mono">{call.activity}</span> },
    { key: "purpose", title: t("calls.purpose"), render: (call) => <>{t(`purpose.${call.purpose}`)}<br /><span className="faint">{call.generation.toUpperCase()}</span></>, csv: (call) => call.purpose },
    { key: "state", title: t("calls.state"), render: (call) => <CallTag state={call.state} nextAt={call.nextAt} />, csv: (call) => call.state },
    { key: "problem", title: t("calls.problem"), render: (call) => (call.problem ? <span style={{ display: "inline-block", maxWidth: 264, whiteSpace: "normal" }}>{call.problem.message}</span> : <span className="faint">–</span>), csv: (call) => call.problem?.message },
    { key: "attempts", title: t("calls.attempts"), align: "right" },
    { key: "resultCode", title: q("calls.result"), hidden: true, render: (call) => (call.resultCode ? <span className="mono">{call.resultCode}</span> : <span className="faint">–</span>) },
    { key: "firstAt", title: q("calls.first"), hidden: true, render: (call) => <Time at={call.firstAt} /> },
    { key: "lastAt", title: t("calls.last"), render: (call) => <Time at={call.lastAt} /> },
    { key: "orderId", title: t("calls.order"), render: (call) => <>{call.productName}<br /><Link to={`/${side}/orders/${call.orderId}`} className="mono">{call.orderId}</Link></> },
    ...(side === "operator" ? [{ key: "sellerName", title: t("calls.seller") }] : []),
    { key: "generation", title: t("calls.generation"), hidden: true, render: (call) => call.generation.toUpperCase() },
    { key: "productName", title: t("calls.product"), hidden: true },
    { key: "buyerName", title: t("calls.buyer"), hidden: true },
    { key: "instanceId", title: q("calls.instance"), hidden: true },
    { key: "externalId", title: t("call.external"), hidden: true },
    { key: "id", title: t("calls.number"), hidden: true },
    { key: "createdAt", title: t("calls.created"), hidden: true, render: (call) => <Time at={call.createdAt} detail="second" /> },
  ];
  return (
    <ResourceTable<ServiceCall>
      id={`${side}.calls`} path={callsPath[side]} label={t("calls.title")} rowKey={(call) => call.id} rowLink={(call) => `/${side}/deliveries/${call.id}`} refreshEvery={refreshEvery}
      filters={[
        { key: "q", type: "text", label: t("calls.search") },
        { key: "problem", type: "select", label: t("calls.attention"), options: [{ value: "true", label: t("calls.needs_attention") }] },
        { key: "state", type: "select", label: t("calls.state"), options: callStates.map((state) => ({ value: state, label: t(`state.delivery.${state}`) })) },
        { key: "activity", type: "select", label: t("calls.activity"), options: activities.map((activity) => ({ value: activity, label: activity })) },
        { key: "generation", type: "select", label: t("calls.generation"), options: ["V1", "V2"].map((value) => ({ value, label: value })) },
        product,
        { key: "created", type: "dates", label: q("calls.dates") },
      ]}
      toQuery={toQuery} columns={columns} exportable={false}
      actions={<ExportMenu side={side} path={callsPath[side]} query={() => toQuery(readListUrl(new URLSearchParams(location.search), filterKeys).filters)} />}
      empty={{
        title: t("calls.none"), hint: t(`calls.none_hint_${side}`),
        ...(side === "seller" ? { action: <LinkButton to="/seller/addresses">{t("calls.to_addresses")}</LinkButton> } : {}),
      }}
    />
  );
}

/** A seller chooses among the own products, operators enter an id. */
function useProductFilter(side: "seller" | "operator", readable: boolean): Filter {
  const { t } = useTranslation("quality");
  const { t: trade } = useTranslation("trade");
  const choice = side === "seller" && readable;
  const { data } = useQuery({ queryKey: ["call-products"], enabled: choice, staleTime: 60_000, queryFn: ({ signal }) => get<Page<OwnProduct>>("/api/v1/seller/products", { limit: 100 }, signal) });
  if (!choice) return { key: "productId", type: "text", label: t("calls.product_id") };
  return { key: "productId", type: "select", label: trade("calls.product"), options: (data?.items ?? []).map((row) => ({ value: row.id, label: row.name[currentLang()] || row.name.zh || row.name.en || row.id })) };
}
