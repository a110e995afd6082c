import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { get, send } from "../../api/client";
import { safeTarget, useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { Facts } from "../../ui/DetailPage";
import { LinkButton } from "../../ui/LinkButton";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { listKey } from "../../ui/ResourceTable";
import type { TopUp } from "../trade/topup";
import { TopUpsTable } from "../trade/TopUpsTable";
import type { Balance } from "./balance";
import css from "./TopUps.module.css";
import { Announced, TopUpForm } from "./TopUpForm";
import { ReceivingCode } from "./ReceivingCode";
import { TopUpOnline } from "./TopUpOnline";

const path = "/api/v1/topups";

/** Bank transfers into the balance: where to transfer, announce one, and what became of the others. */
export function TopUpsPage() {
  const { t } = useTranslation("trade");
  const { can } = useSession();
  const client = useQueryClient();
  const [announced, setAnnounced] = useState<TopUp | null>(null);
  // The payment page leads here with what is missing, and wants its buyer back.
  const [params] = useSearchParams();
  const amount = /^\d{1,9}(\.\d{1,2})?$/.test(params.get("amount") ?? "") ? (params.get("amount") ?? undefined) : undefined;
  const next = params.get("next");
  const { data, error, refetch } = useQuery({ queryKey: ["balance"], queryFn: ({ signal }) => get<Balance>("/api/v1/balance", undefined, signal) });
  const changed = async () => {
    await Promise.all([client.invalidateQueries({ queryKey: listKey(path) }), client.invalidateQueries({ queryKey: ["balance"] }), client.invalidateQueries({ queryKey: ["buyer-home"] })]);
  };
  return (
    <Page title={t("topups.title")} intro={t("topups.intro")} actions={next && <LinkButton to={safeTarget(next)}>{t("topups.back")}</LinkButton>}>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} /> : (
        <div className={css.columns}>
          {can("balance:topup") && data && <TopUpOnline currency={data.currency} amount={amount} next={next} />}
          <Panel title={t("topups.bank")}>{data && <BankFacts bank={data.bank} />}
            {data?.bank.account && can("balance:topup") && <ReceivingCode />}</Panel>
          {can("balance:topup") && data && (
            <Panel title={t("topups.announce")}>
              {announced
                ? <Announced topUp={announced} onMore={() => setAnnounced(null)} />
                : <TopUpForm currency={data.currency} amount={amount} onDone={async (topUp) => { setAnnounced(topUp); await changed(); }} />}
            </Panel>
          )}
        </div>
      )}
      <h2 className={css.listTitle}>{t("topups.list")}</h2>
      <TopUpsTable side="buyer" path={path} rowActions={(topUp) => topUp.state === "pending" && can("balance:topup") && (
        <ConfirmAction label={t("topups.cancel")} title={t("topups.cancel_title", { number: topUp.number })} cost={t("topups.cancel_cost")} danger button={{ size: "small" }} doneText={t("topups.canceled")}
          run={({ key }) => send("POST", `${path}/${topUp.id}/cancel`, undefined, key)} onDone={changed} />
      )} />
    </Page>
  );
}

function BankFacts({ bank }: { bank: Balance["bank"] }) {
  const { t } = useTranslation("trade");
  if (!bank.account) return <p>{t("topups.no_bank")}</p>;
  return (
    <Facts facts={[
      { label: t("topups.payee"), value: <CopyText text={bank.payee} mono={false} />, wide: true },
      { label: t("topups.bank_name"), value: <CopyText text={bank.bank} mono={false} />, wide: true },
      { label: t("topups.account"), value: <CopyText text={bank.account} />, wide: true },
    ]} />
  );
}
