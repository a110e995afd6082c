import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { currentLang } from "../../i18n";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { Time } from "../../ui/Time";
import { PlainTable } from "../trade/PlainTable";

interface Granted {
  token: string;
  name: string;
  sellerName: string;
  configured: boolean;
  endsAt: string;
}

/** Exclusive offers to the buyer's account that hold now. */
export function GrantedPage() {
  const { t } = useTranslation("discount");
  const { data, error, refetch } = useQuery({ queryKey: ["granted-offers", currentLang()], queryFn: ({ signal }) => get<{ offers: Granted[] }>("/api/v1/offers", undefined, signal) });
  return (
    <Page title={t("granted")} intro={t("granted_intro")}>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} /> : !data ? null : data.offers.length === 0 ? <EmptyState title={t("granted_none")} /> : (
        <Panel>
          <PlainTable label={t("granted")} rows={data.offers} rowKey={(one) => one.token} columns={[
            { key: "name", title: t("name"), render: (one) => one.name },
            { key: "seller", title: t("seller"), render: (one) => one.sellerName },
            { key: "kind", title: t("offer_kind"), render: (one) => t(one.configured ? "configured" : "kind.offer") },
            { key: "ends", title: t("ends"), render: (one) => <Time at={one.endsAt} /> },
            { key: "open", title: "", align: "right", render: (one) => <LinkButton size="small" type="primary" to={`/offers/${one.token}`}>{t("open")}</LinkButton> },
          ]} />
        </Panel>
      )}
    </Page>
  );
}
