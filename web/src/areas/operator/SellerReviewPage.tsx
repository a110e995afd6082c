import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get, send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { DetailPage } from "../../ui/DetailPage";
import { Panel } from "../../ui/Page";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { ApplicationFacts } from "../seller/ApplicationFacts";
import { formRows, reviewDue, type Application, type SellerForm } from "../seller/application";
import { historyEntries } from "../seller/history";
import css from "../seller/seller.module.css";

interface Check {
  code: string;
  title: string;
  ticked: boolean;
  computed: "" | "met" | "failed" | "unknown";
}

interface Review {
  application: Application;
  checks: Check[];
  licenceUrl: string;
}

/** One application: what was submitted, old beside new for a change, the check-list and the decision. */
export function SellerReviewPage() {
  const { t, i18n } = useTranslation("sellers");
  const { id = "" } = useParams();
  const client = useQueryClient();
  const path = `/api/v1/operator/seller-applications/${id}`;
  const { data: review, error, refetch } = useQuery({ queryKey: ["seller-review", id, i18n.language], queryFn: ({ signal }) => get<Review>(path, undefined, signal) });
  const [ticked, setTicked] = useState<string[]>([]);
  const one = review?.application;
  const open = one?.state === "reviewing";
  const done = async () => { await refetch(); await client.invalidateQueries({ queryKey: ["list", "/api/v1/operator/seller-applications"] }); };
  const decide = (what: string) => ({ reason, key }: { reason: string; key: string }) => send<Review>("POST", `${path}/${what}`, { version: one?.version, checks: ticked, reason }, key);
  const exception = review?.checks.some((check) => check.computed === "failed") ?? false;

  return (
    <DetailPage title={one && (one.form.name[i18n.language === "en" ? "en" : "zh"] || one.form.name.zh || one.form.name.en)} error={error} onRetry={() => void refetch()}
      back={{ to: "/operator/seller-applications", label: t("review.title") }}
      subtitle={one && <>{t(`review.kind_${one.kind}`)} · {one.companyName} · {one.submittedAt && <Time at={one.submittedAt} />}</>}
      state={one && <StateTag kind="application" state={one.state} {...(open ? { next: t("review.waits"), by: reviewDue(one.submittedAt) } : {})} />}
      {...(one ? { timeline: historyEntries(one.history, t) } : {})}
      actions={open && <>
        <ConfirmAction label={t("review.reject")} title={t("review.reject_title")} danger reason={{ label: t("review.reason_to_seller"), required: true }} run={decide("reject")} onDone={done} doneText={t("review.rejected")} />
        <ConfirmAction label={t("review.approve")} title={t(one?.kind === "change" ? "review.approve_change_title" : "review.approve_title")}
          cost={t(one?.kind === "change" ? "review.approve_change_cost" : "review.approve_cost")} button={{ type: "primary" }}
          reason={{ label: t("review.note"), required: exception }} run={decide("approve")} onDone={done} doneText={t("review.approved")} />
      </>}>
      {review && one && (
        <div className={css.panels}>
          {one.reason && <Alert type={one.state === "rejected" ? "error" : "info"} showIcon title={t("review.reason")} description={one.reason} />}
          {one.kind === "change" && one.before && <Panel title={t("review.compare")}><Comparison before={one.before} after={one.form} /></Panel>}
          <Panel title={t("review.submitted_data")}>
            <ApplicationFacts application={one} licenceUrl={review.licenceUrl} />
            {one.websiteProbe && <p className="soft">{t("review.website", { outcome: one.websiteProbe })}</p>}
            <p className="soft">{t("review.agreements", { list: one.agreements.map((agreement) => `${agreement.title} ${agreement.version}`).join(" · ") })}</p>
          </Panel>
          {review.checks.length > 0 && <Panel title={t("review.checks")}><Checks checks={review.checks} open={open} ticked={ticked} onTick={setTicked} /></Panel>}
        </div>
      )}
    </DetailPage>
  );
}

function Checks({ checks, open, ticked, onTick }: { checks: Check[]; open: boolean; ticked: string[]; onTick: (codes: string[]) => void }) {
  const { t } = useTranslation("sellers");
  const shown = open ? ticked : checks.filter((check) => check.ticked).map((check) => check.code);
  return (
    <Checkbox.Group value={shown} disabled={!open} onChange={onTick} className={css.stack!}
      options={checks.map((check) => ({
        value: check.code,
        label: <>{check.title} {check.computed && <span className={check.computed === "failed" ? css.fault : "faint"}>{t(`review.computed_${check.computed}`)}</span>}</>,
      }))} />
  );
}

/** Old beside new; what differs is marked and named. */
function Comparison({ before, after }: { before: SellerForm; after: SellerForm }) {
  const { t } = useTranslation("sellers");
  const old = new Map(formRows(before).map((row) => [row.key, row.value]));
  const rows = [
    ...formRows(after).map((row) => ({ ...row, old: old.get(row.key) ?? "" })),
    { key: "logo", value: after.logoKey, old: before.logoKey },
    { key: "licence", value: after.licenceKey, old: before.licenceKey },
  ].filter((row) => row.value !== row.old);
  const show = (key: string, value: string) => ((key === "years" || key === "staff") && value ? t(`choice.${key}.${value}`) : value || "–");
  if (rows.length === 0) return <p className="soft">{t("review.no_difference")}</p>;
  return (
    <table className={css.compare}>
      <thead><tr><th scope="col">{t("review.field")}</th><th scope="col">{t("review.old")}</th><th scope="col">{t("review.new")}</th></tr></thead>
      <tbody>{rows.map((row) => <tr key={row.key}><th scope="row">{t(`field.${row.key}`)}</th><td>{show(row.key, row.old)}</td><td className={css.changed}>{show(row.key, row.value)}</td></tr>)}</tbody>
    </table>
  );
}
