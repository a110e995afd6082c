import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Upload } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { get, send } from "../../../api/client";
import { newKey } from "../../../api/idempotency";
import { asProblem, type ApiProblem } from "../../../api/problem";
import { useSession } from "../../../api/session";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { CopyText } from "../../../ui/CopyText";
import { DetailPage, Facts } from "../../../ui/DetailPage";
import { toast } from "../../../ui/feedback";
import { LinkButton } from "../../../ui/LinkButton";
import { Money } from "../../../ui/Money";
import { Panel } from "../../../ui/Page";
import { ProblemText } from "../../../ui/ProblemText";
import { listKey, ResourceTable } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { PlainTable } from "../PlainTable";
import { percent } from "../term";
import type { CampaignDetail, Voucher, VoucherUse } from "../voucher";
import { campaignKey, campaignsPath, mayIssue, type Issuer } from "./side";

export const SellerCampaignPage = () => <CampaignView side="seller" />;
export const OperatorCampaignPage = () => <CampaignView side="operator" />;

/** One campaign: what it gives for what, who has its vouchers, and the orders that they paid. */
function CampaignView({ side }: { side: Issuer }) {
  const { t } = useTranslation("voucher");
  const { id = "" } = useParams();
  const path = `${campaignsPath[side]}/${encodeURIComponent(id)}`;
  const { data, error, refetch } = useQuery({ queryKey: campaignKey(side, id), queryFn: ({ signal }) => get<CampaignDetail>(path, undefined, signal) });
  return (
    <DetailPage title={data?.name} error={error} onRetry={() => void refetch()} back={{ to: `/${side}/vouchers`, label: t("campaigns.title") }}
      state={data && <StateTag kind="voucher_campaign" state={data.state} />} subtitle={data && (data.sellerName || t("mine.marketplace"))}
      actions={data && <Actions side={side} campaign={data} path={path} />}
      {...(data ? { facts: factsOf(data, t), tabs: [
        { key: "terms", label: t("campaigns.terms"), children: <Terms campaign={data} /> },
        ...(data.kind === "directed" ? [{ key: "accounts", label: t("campaigns.accounts"), children: <Accounts side={side} campaign={data} path={path} /> }] : []),
        { key: "claims", label: t("campaigns.claims"), children: <Claims path={path} id={`${side}.voucher-claims`} /> },
        { key: "uses", label: t("campaigns.uses"), children: <Uses path={path} side={side} currency={data.currency} /> },
      ] } : {})} />
  );
}

type Text = (key: string, values?: Record<string, unknown>) => string;

function factsOf(c: CampaignDetail, t: Text) {
  return [
    { label: t("campaigns.face"), value: <Money amount={c.face} currency={c.currency} /> },
    { label: t("campaigns.progress"), value: t("campaigns.progress_value", { claimed: c.claimed, total: c.total }) },
    { label: t("campaigns.used"), value: <Money amount={c.used} currency={c.currency} /> },
    { label: t("mine.locked"), value: <Money amount={c.locked} currency={c.currency} /> },
    { label: t("campaigns.kind"), value: t(`kind.${c.kind}`) },
    { label: t("campaigns.per_account"), value: c.perAccount },
    ...(c.sellerId ? [] : [{ label: t("campaigns.budget"), value: <Money amount={c.budget} currency={c.currency} /> }]),
    { label: t("campaigns.share"), value: percent(c.sellerShare) },
    { label: t("campaigns.created"), value: <Time at={c.createdAt} /> },
  ];
}

function Terms({ campaign }: { campaign: CampaignDetail }) {
  const { t } = useTranslation("voucher");
  const c = campaign;
  return (
    <>
      <Panel>
        <Facts facts={[
          { label: t("form.threshold"), value: Number(c.threshold) > 0 ? <Money amount={c.threshold} currency={c.currency} /> : t("terms.no_threshold") },
          { label: t("form.modes"), value: c.modes.map((mode) => t(`mode.${mode}`)).join(" / ") },
          { label: t("campaigns.claim_window"), value: <><Time at={c.claimFrom} /> – <Time at={c.claimUntil} /></> },
          { label: t("campaigns.use_window"), value: c.useDays ? t("terms.days", { count: c.useDays }) : <><Time at={c.useFrom} /> – <Time at={c.useUntil} /></> },
          ...(c.noPromotion || c.noSpecial ? [{ label: t("campaigns.terms"), value: [c.noPromotion && t("terms.no_promotion"), c.noSpecial && t("terms.no_special")].filter(Boolean).join(" · ") }] : []),
        ]} />
      </Panel>
      <Panel title={t("campaigns.scope")}>
        {c.allProducts ? <p>{t("terms.all")}</p> : <ul>{c.scope.map((one) => <li key={`${one.productId}/${one.specId ?? ""}`}>{one.productName} · {one.specName || t("terms.spec_all")}</li>)}</ul>}
      </Panel>
    </>
  );
}

function Actions({ side, campaign, path }: { side: Issuer; campaign: CampaignDetail; path: string }) {
  const { t } = useTranslation("voucher");
  const { can } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!can(mayIssue[side])) return null;
  const own = side === "seller" || !campaign.sellerId;
  const changed = () => Promise.all([campaignKey(side, campaign.id), listKey(campaignsPath[side]), listKey(`${path}/claims`)].map((queryKey) => client.invalidateQueries({ queryKey })));
  if (campaign.state === "DRAFT" && own) {
    return (
      <>
        <LinkButton to={`/${side}/vouchers/${campaign.id}/edit`}>{t("campaigns.edit")}</LinkButton>
        <ConfirmAction label={t("campaigns.discard")} title={t("campaigns.discard_title", { name: campaign.name })} cost={t("campaigns.discard_cost")} danger doneText={t("campaigns.discarded")}
          run={({ key }) => send("DELETE", path, undefined, key)} onDone={async () => { await client.invalidateQueries({ queryKey: listKey(campaignsPath[side]) }); await navigate(`/${side}/vouchers`); }} />
        <ConfirmAction label={t("campaigns.publish")} title={t("campaigns.publish_title", { name: campaign.name })} cost={t(`campaigns.publish_cost_${campaign.kind}`)} button={{ type: "primary" }} doneText={t("campaigns.published")}
          run={({ key }) => send("POST", `${path}/publish`, undefined, key)} onDone={async () => { await changed(); }} />
      </>
    );
  }
  if (campaign.state !== "PUBLISHED") return null;
  return (
    <ConfirmAction label={t("campaigns.void")} title={t("campaigns.void_title", { name: campaign.name })} cost={t("campaigns.void_cost")} danger doneText={t("campaigns.voided")} reason={{ label: t("campaigns.void_reason"), required: true, maxLength: 500 }}
      run={({ reason, key }) => send("POST", `${path}/void`, { reason }, key)} onDone={async () => { await changed(); }} />
  );
}

const template = "account id,account name,number\n";

function Accounts({ side, campaign, path }: { side: Issuer; campaign: CampaignDetail; path: string }) {
  const { t } = useTranslation("voucher");
  const { can } = useSession();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const open = (campaign.state === "DRAFT" || campaign.state === "PUBLISHED") && can(mayIssue[side]) && (side === "seller" || !campaign.sellerId);
  const upload = async (file: File) => {
    setBusy(true);
    setProblem(null);
    try {
      const saved = await send<CampaignDetail>("PUT", `${path}/accounts`, { csv: await file.text() }, newKey());
      toast.success(t("campaigns.uploaded", { count: saved.accounts.length }));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      await Promise.all([campaignKey(side, campaign.id), listKey(`${path}/claims`)].map((queryKey) => client.invalidateQueries({ queryKey })));
      setBusy(false);
    }
  };
  return (
    <Panel>
      {open && (
        <div style={{ display: "grid", gap: 8, marginBottom: 16, justifyItems: "start" }}>
          <p className="faint">{t("campaigns.upload_hint")}</p>
          <span style={{ display: "flex", flexWrap: "wrap", gap: 8 }}>
            <Upload accept=".csv,text/csv" showUploadList={false} beforeUpload={(file) => { void upload(file); return false; }}><Button loading={busy}>{t("campaigns.upload")}</Button></Upload>
            <a download="vouchers.csv" href={`data:text/csv;charset=utf-8,${encodeURIComponent(template)}`}>{t("campaigns.template")}</a>
          </span>
          {problem && <div role="alert"><ProblemText error={problem} />{problem.fields.length > 0 && <><p>{t("campaigns.upload_failed")}</p><ul>{problem.fields.map((one) => <li key={`${one.field} ${one.code}`}>{one.field}: {one.message}</li>)}</ul></>}</div>}
        </div>
      )}
      {campaign.accounts.length === 0 ? <p className="faint">{t("campaigns.no_claims")}</p> : (
        <PlainTable label={t("campaigns.accounts")} rows={campaign.accounts} rowKey={(row) => row.accountId} columns={[
          { key: "name", title: t("campaigns.account"), render: (row) => row.accountName },
          { key: "id", title: "ID", render: (row) => <CopyText text={row.accountId} /> },
          { key: "number", title: t("campaigns.number"), align: "right", render: (row) => row.number },
        ]} />
      )}
    </Panel>
  );
}

function Claims({ path, id }: { path: string; id: string }) {
  const { t } = useTranslation("voucher");
  return (
    <ResourceTable<Voucher> id={id} path={`${path}/claims`} urlPrefix="c_" label={t("campaigns.claims")} rowKey={(row) => row.id} filters={[]} empty={{ title: t("campaigns.no_claims"), hint: "" }} columns={[
      { key: "accountName", title: t("campaigns.account"), main: true },
      { key: "claimedAt", title: t("mine.claimed_at"), render: (row) => <Time at={row.claimedAt} /> },
      { key: "balance", title: t("mine.balance"), align: "right", render: (row) => <Money amount={row.balance} currency={row.currency} /> },
      { key: "used", title: t("mine.used"), align: "right", render: (row) => <Money amount={row.used} currency={row.currency} /> },
      { key: "validUntil", title: t("mine.validity"), render: (row) => <Time at={row.validUntil} /> },
      { key: "state", title: t("mine.state"), csv: (row) => row.state, render: (row) => <StateTag kind="voucher" state={row.state} /> },
    ]} />
  );
}

function Uses({ path, side, currency }: { path: string; side: Issuer; currency: string }) {
  const { t } = useTranslation("voucher");
  return (
    <ResourceTable<VoucherUse> id={`${side}.voucher-uses`} path={`${path}/uses`} urlPrefix="u_" label={t("campaigns.uses")} rowKey={(row) => row.id} rowLink={(row) => `/${side}/orders/${row.orderId}`} filters={[]} empty={{ title: t("campaigns.no_uses"), hint: "" }} columns={[
      { key: "orderId", title: t("mine.order"), main: true },
      { key: "accountName", title: t("campaigns.account") },
      { key: "lockedAt", title: t("mine.at"), render: (row) => <Time at={row.lockedAt} /> },
      { key: "amount", title: t("mine.amount"), align: "right", render: (row) => <Money amount={row.amount} currency={currency} /> },
      { key: "restored", title: t("mine.restored"), align: "right", render: (row) => <Money amount={row.restored} currency={currency} /> },
    ]} />
  );
}
