import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { toast } from "../../ui/feedback";
import { LinkButton } from "../../ui/LinkButton";
import { Panel } from "../../ui/Page";
import { useProblemText } from "../../ui/ProblemText";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { ContentView } from "../seller/products/ContentView";
import { historyEntries } from "../seller/products/history";
import { fileUrl, inLang, reviewDue, reviewsPath, type Application, type HistoryRow, type Product, type Reason, type Spec, type StoredFileInfo, type Version } from "../seller/products/product";
import css from "../seller/products/products.module.css";
import { SpecsTable } from "../seller/products/SpecsTable";

interface Difference { field: string; old: string; new: string }

interface Review {
  application: Application;
  product: Product;
  reasons: Reason[];
  version?: Version;
  before?: Version;
  differences: Difference[];
  specs: Spec[];
  history: HistoryRow[];
  files: Record<string, StoredFileInfo>;
  codes: Reason[];
}

/** One application about a product: old beside new, the future page, and the decision. */
export function ProductReviewPage() {
  const { t, i18n } = useTranslation("catalogue");
  const { id = "" } = useParams();
  const { session, can } = useSession();
  const client = useQueryClient();
  const problemText = useProblemText();
  const path = `${reviewsPath}/${id}`;
  const { data: review, error, refetch } = useQuery({ queryKey: ["product-review", id, i18n.language], queryFn: ({ signal }) => get<Review>(path, undefined, signal) });
  const [codes, setCodes] = useState<string[]>([]);
  const one = review?.application;
  const open = one?.state === "reviewing" && can("product:review");
  const mine = one?.assigneeId !== "" && one?.assigneeId === session?.user?.id;
  const done = async () => { await refetch(); await client.invalidateQueries({ queryKey: ["list", reviewsPath] }); };
  const assign = async (take: boolean) => {
    try {
      await send("POST", `${path}/assign`, { take });
      await done();
    } catch (failure) {
      toast.error(problemText(failure));
    }
  };
  return (
    <DetailPage title={one && inLang(one.productName, i18n.language)} error={error} onRetry={() => void refetch()} back={{ to: "/operator/products", label: t("review.title") }}
      subtitle={one && <>{t(`kind.${one.kind}`)} · <CopyText text={one.id} /></>}
      state={one && <StateTag kind="application" state={one.state} {...(open ? { next: t("review.waits"), by: reviewDue(one.submittedAt) } : {})} />}
      facts={one && [
        { label: t("field.submitted"), value: <Time at={one.submittedAt} /> },
        { label: t("review.assignee"), value: one.assignee || "–" },
        { label: t("review.product_state"), value: <StateTag kind="product" state={review.product.state} /> },
        { label: t("field.decided"), value: one.decidedAt ? <><Time at={one.decidedAt} /> {one.decidedBy}</> : "–" },
        ...(one.reason ? [{ label: t("request.reason"), value: one.reason, wide: true }] : []),
        ...(one.proofKey ? [{ label: t("review.proof"), value: <a href={`/api/v1/files/${one.proofKey}`}>{t("review.open_proof")}</a> }] : []),
      ]}
      {...(review ? { timeline: historyEntries(review.history, t) } : {})}
      actions={one && <>
        {open && <Button onClick={() => void assign(!mine)}>{t(mine ? "review.give_back" : "review.take")}</Button>}
        {one.versionId && <LinkButton to={`/operator/products/${id}/preview`}>{t("wizard.preview")}</LinkButton>}
        <LinkButton to={`/operator/catalogue/${one.productId}`}>{t("applications.product")}</LinkButton>
        {open && (
          <ConfirmAction label={t("review.reject")} title={t("review.reject_title")} danger reason={{ label: t("review.reason_to_seller"), required: true }}
            run={({ reason, key }) => send("POST", `${path}/reject`, { codes, comment: reason }, key)} onDone={done} doneText={t("review.rejected")}>
            {one.versionId && (
              <Form.Item label={t("review.codes")} required>
                <Checkbox.Group value={codes} onChange={setCodes} className={css.offers!} options={review.codes.map((code) => ({ value: code.code, label: code.text }))} />
              </Form.Item>
            )}
          </ConfirmAction>
        )}
        {open && (
          <ConfirmAction label={t("review.approve")} title={t(`review.approve_${one.kind}`)} cost={t(one.versionId ? "review.approve_cost" : "review.approve_request_cost")}
            {...(one.kind === "take_down" || one.kind === "take_down_spec" ? { irreversible: t("request.final") } : {})}
            button={{ type: "primary" }} reason={{ label: t("field.comment"), required: false }}
            run={({ reason, key }) => send("POST", `${path}/approve`, { comment: reason }, key)} onDone={done} doneText={t("review.approved")} />
        )}
      </>}>
      {review && one && (
        <div className={css.stack}>
          {one.state === "rejected" && <Alert type="error" showIcon title={t("applications.rejected")} description={<>{review.reasons.map((reason) => reason.text).join(" · ")} {one.comment}</>} />}
          {review.before && <Panel title={t("review.compare")}><Comparison differences={review.differences} files={review.files} /></Panel>}
          {!review.version && <Panel title={t("field.specs")}><SpecsTable productId={review.product.id} specs={review.specs} /></Panel>}
          {review.version && <Panel title={t("review.submitted")}><ContentView content={review.version.content} files={review.files} /></Panel>}
        </div>
      )}
    </DetailPage>
  );
}

/** Old beside new, field by field. */
function Comparison({ differences, files }: { differences: Difference[]; files: Record<string, StoredFileInfo> }) {
  const { t } = useTranslation("catalogue");
  if (differences.length === 0) return <p className="soft">{t("review.no_difference")}</p>;
  const show = (value: string) => {
    const file = files[value];
    return file ? <a href={fileUrl(value)}>{file.name}</a> : value || "–";
  };
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead><tr><th scope="col">{t("review.field")}</th><th scope="col">{t("review.old")}</th><th scope="col">{t("review.new")}</th></tr></thead>
        <tbody>{differences.map((one) => <tr key={one.field}><th scope="row">{fieldName(one.field, t)}</th><td className={css.old}>{show(one.old)}</td><td className={css.changed}>{show(one.new)}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

/** "specs[spc_1].plans[PERIOD-year].price" in words. */
function fieldName(path: string, t: (key: string, options?: Record<string, unknown>) => string): string {
  const parts = path.replace(/\[([^\]]+)\]/g, (_, key: string) => {
    const unit = /^PERIOD-(\w+)$/.exec(key)?.[1] ?? (key === "ONE_TIME" ? "once" : "");
    return unit ? `.${unit}` : /^\d+$/.test(key) ? `.#${Number(key) + 1}` : /^spc_/.test(key) ? "" : `.#${key.replaceAll(".", "·")}`;
  }).split(".");
  return parts.map((part) => (part.startsWith("#") ? part : t(`part.${part}`, { defaultValue: part }))).join(" · ");
}
