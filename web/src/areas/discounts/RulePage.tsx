import { base } from "../../api/realm";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { QRCode } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { Money } from "../../ui/Money";
import { formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { listKey } from "../../ui/ResourceTable";
import { StatCard, StatRow } from "../../ui/StatCard";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { givenText } from "../trade/discount";
import { PlainTable } from "../trade/PlainTable";
import css from "./RulePage.module.css";
import { basePath, modeText, ruleQuery, type RuleDetail, type Side } from "./rule";

interface Props {
  side: Side;
  kind: "promotion" | "offer";
}

/** One promotion or offer: what it gives on what, to whom, its link, and what it has brought. */
function RulePage({ side, kind }: Props) {
  const { t } = useTranslation("discount");
  const { id = "" } = useParams();
  const { data: rule, error, refetch } = useQuery(ruleQuery(side, kind, id));
  const limit = (count: number) => (count > 0 ? t("times", { count }) : t("unlimited"));
  return (
    <DetailPage title={rule?.name} error={error} onRetry={() => void refetch()} back={{ to: `/${side}/${kind}s`, label: t(`${kind}s`) }}
      state={rule && <StateTag kind="discount" state={rule.state} {...(rule.upcoming ? { next: t("upcoming") } : {})} />}
      subtitle={rule && <>{t(`kind.${kind}`)}{kind === "promotion" ? ` · ${t(rule.public ? "public" : "by_link")}` : rule.configured ? ` · ${t("configured")}` : ""}</>}
      actions={rule && <Actions rule={rule} side={side} kind={kind} />}
      facts={rule && [
        ...(side === "operator" ? [{ label: t("seller"), value: rule.sellerName || t("platform") }] : []),
        { label: t("validity"), value: <><Time at={rule.startsAt} /> – <Time at={rule.endsAt} /></> },
        ...(kind === "promotion" ? [{ label: t("scenes"), value: rule.scenes.map((scene) => t(`scene.${scene}`)).join(" · ") }] : []),
        { label: t("total_limit"), value: limit(rule.totalLimit) },
        { label: t("account_limit"), value: limit(rule.accountLimit) },
        { label: t("deadline"), value: rule.deadlineHours > 0 ? t("hours", { count: rule.deadlineHours }) : t("as_others") },
        { label: t("created"), value: <><Time at={rule.createdAt} /> {rule.createdBy}</> },
        ...(rule.reason ? [{ label: t("reason"), value: rule.reason, wide: true }] : []),
      ]}>
      {rule && <Body rule={rule} kind={kind} />}
    </DetailPage>
  );
}

function Body({ rule, kind }: { rule: RuleDetail; kind: "promotion" | "offer" }) {
  const { t } = useTranslation("discount");
  const link = `${window.location.origin}${base}${rule.link}`;
  return (
    <>
      <Panel title={t("results")}>
        <StatRow>
          <StatCard label={t("orders")} value={rule.results.orders} />
          <StatCard label={t("paid")} value={rule.results.paid} />
          <StatCard label={t("amount_sum")} value={<Money amount={rule.results.amount} currency={rule.currency} />} />
          <StatCard label={t("list_sum")} value={<Money amount={rule.results.listAmount} currency={rule.currency} />} />
        </StatRow>
      </Panel>
      <Panel title={t("lines")}>
        <PlainTable label={t("lines")} rows={rule.lines} rowKey={(line) => `${line.productId} ${line.specName} ${line.planId}`} columns={[
          { key: "on", title: t("on"), render: (line) => [line.productName || t("on_all"), line.specName, line.planId && modeText(line, t)].filter(Boolean).join(" · ") },
          { key: "given", title: t("given_title"), render: (line) => (line.form === "fixed" && !rule.configured ? t("given.fixed_each", { amount: formatMoney(line.value, rule.currency) }) : givenText(line, rule.currency, t)) },
          ...(rule.configured ? [
            { key: "periods", title: t("periods"), render: (line: RuleDetail["lines"][number]) => String(line.periods) },
            { key: "quantity", title: t("quantity"), render: (line: RuleDetail["lines"][number]) => (line.quantity ? String(line.quantity) : "–") },
          ] : []),
        ]} />
      </Panel>
      {kind === "offer" && (
        <Panel title={t("customers")}>
          <PlainTable label={t("customers")} rows={rule.customers} rowKey={(one) => one.accountId} columns={[
            { key: "name", title: t("account_name"), render: (one) => one.name },
            { key: "id", title: "ID", render: (one) => <CopyText text={one.accountId} /> },
          ]} />
        </Panel>
      )}
      {rule.state === "EFFECTIVE" && (
        <Panel title={t("link")}>
          <div className={css.link}>
            <QRCode aria-label={t("qr")} value={link} type="svg" size={160} bordered={false} color="black" bgColor="white" errorLevel="M" />
            <CopyText text={link} />
          </div>
        </Panel>
      )}
    </>
  );
}

function Actions({ rule, side, kind }: { rule: RuleDetail; side: Side; kind: "promotion" | "offer" }) {
  const { t } = useTranslation("discount");
  const client = useQueryClient();
  const path = `${basePath(side, kind)}/${rule.id}`;
  const done = async () => {
    await client.invalidateQueries({ queryKey: ["discount", side, kind, rule.id] });
    await client.invalidateQueries({ queryKey: listKey(basePath(side, kind)) });
  };
  const name = rule.name;
  const operator = side === "operator";
  return (
    <>
      {rule.state === "REVIEWING" && operator && (
        <>
          <ConfirmAction label={t("approve")} title={t("approve_title", { name })} cost={t("approve_cost")} button={{ type: "primary" }} doneText={t("approved")} onDone={done}
            run={({ key }) => send("POST", `${path}/decision`, { approved: true }, key)} />
          <ConfirmAction label={t("reject")} title={t("reject_title", { name })} cost={t("reject_cost")} danger doneText={t("rejected")} onDone={done} reason={{ label: t("reject_reason"), required: true }}
            run={({ reason, key }) => send("POST", `${path}/decision`, { approved: false, reason }, key)} />
        </>
      )}
      {rule.state === "REVIEWING" && !operator && (
        <ConfirmAction label={t("withdraw")} title={t("withdraw_title", { name })} cost={t("withdraw_cost")} danger doneText={t("withdrawn")} onDone={done} run={({ key }) => send("POST", `${path}/withdraw`, {}, key)} />
      )}
      {rule.state === "EFFECTIVE" && (operator || kind === "promotion") && (
        <ConfirmAction label={t("stop")} title={t("stop_title", { name })} cost={t("stop_cost")} irreversible={t("stop_irreversible")} danger doneText={t("stopped")} onDone={done}
          {...(operator ? { reason: { label: t("stop_reason"), required: true } } : {})}
          run={({ reason, key }) => send("POST", `${path}/stop`, { reason }, key)} />
      )}
    </>
  );
}

export const SellerPromotionPage = () => <RulePage side="seller" kind="promotion" />;
export const SellerOfferPage = () => <RulePage side="seller" kind="offer" />;
export const OperatorPromotionPage = () => <RulePage side="operator" kind="promotion" />;
export const OperatorOfferPage = () => <RulePage side="operator" kind="offer" />;
