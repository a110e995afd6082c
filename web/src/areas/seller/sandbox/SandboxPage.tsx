import { Alert, Button, Form, Input, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, send, type Page as ListPage } from "../../../api/client";
import { useSession } from "../../../api/session";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { CopyText } from "../../../ui/CopyText";
import { Facts } from "../../../ui/DetailPage";
import { EmptyState } from "../../../ui/EmptyState";
import { Money } from "../../../ui/Money";
import { Page, Panel } from "../../../ui/Page";
import { PageError } from "../../../ui/PageError";
import { ProblemText } from "../../../ui/ProblemText";
import { ResourceForm } from "../../../ui/ResourceForm";
import { Time } from "../../../ui/Time";
import type { ServiceCall } from "../../trade/call";
import { CallTag } from "../../trade/CallTag";
import { ClockControls } from "./ClockControls";
import { sandboxKey, sandboxPath, useSandbox, type Sandbox, type SandboxView } from "./sandbox";
import css from "../seller.module.css";

/** The seller's sandbox: opening it, its clock, its products, the ways in. */
export function SandboxPage() {
  const { t } = useTranslation("sandbox");
  const client = useQueryClient();
  const { can } = useSession();
  const { data, error, refetch } = useSandbox();
  const [opening, setOpening] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const keep = (view: SandboxView) => { client.setQueryData(sandboxKey, view); };
  const open = async () => {
    setOpening(true);
    setFailure(null);
    try {
      keep(await send<SandboxView>("POST", sandboxPath));
    } catch (problem) {
      setFailure(problem);
    } finally {
      setOpening(false);
    }
  };
  const sandbox = data?.sandbox;
  if (error && !data) return <Page title={t("title")}><PageError error={error} onRetry={() => void refetch()} /></Page>;
  return (
    <Page title={t("title")} intro={t("intro")}>
      {!data ? <Panel><div role="status" aria-label={t("common:loading", { what: t("title") })} style={{ minHeight: 160 }} /></Panel>
        : !data.available ? <Panel><EmptyState title={t("closed")} hint={t("closed_hint")} /></Panel>
          : !sandbox ? (
            <Panel>
              <EmptyState title={t("none")} hint={t("none_hint")} action={can("product:write") && <Button type="primary" loading={opening} onClick={() => void open()}>{t("open")}</Button>} />
              {failure !== null && <ProblemText error={failure} />}
            </Panel>
          ) : <Open sandbox={sandbox} onChanged={keep} />}
    </Page>
  );
}

function Open({ sandbox, onChanged }: { sandbox: Sandbox; onChanged: (view: SandboxView) => void }) {
  const { t } = useTranslation("sandbox");
  const client = useQueryClient();
  return (
    <div className={css.stack}>
      <Panel title={t("ways")} extra={<Tag color="warning">{t("frame.name")}</Tag>}>
        <div className={css.file}>
          <Button type="primary" href={`${sandbox.path}/`}>{t("enter.buyer")}</Button>
          <Button href={`${sandbox.path}/seller/deliveries`}>{t("enter.calls")}</Button>
          <Button href={`${sandbox.path}/seller`}>{t("enter.seller")}</Button>
        </div>
        <p className={css.hint} style={{ marginTop: 16 }}>{t("enter.hint")}</p>
      </Panel>
      <Panel title={t("clock.title")}>
        <Facts facts={[
          { label: t("frame.time"), value: <strong><Time at={sandbox.now} /></strong> },
          { label: t("clock.due").replace(/[:：]$/, ""), value: sandbox.next ? <>{t(`due.${sandbox.next.what}`)} · <Time at={sandbox.next.at} /></> : t("clock.none") },
          { label: t("moved.balance"), value: <Money amount={sandbox.balance} currency={sandbox.currency} /> },
          { label: t("orders"), value: sandbox.orders },
          { label: t("filled"), value: <Time at={sandbox.filledAt} /> },
          { label: t("expires"), value: <Time at={sandbox.expiresAt} /> },
          { label: t("api"), value: <CopyText text={`${sandbox.path}/api/v1`} /> },
        ]} />
        <div className={css.file} style={{ marginTop: 16 }}><ClockControls sandbox={sandbox} side="seller" /></div>
      </Panel>
      <LatestCalls path={sandbox.path} />
      <Panel title={t("products")}>
        {sandbox.products.length === 0 ? <p className="soft">{t("no_products")}</p> : (
          <ul style={{ margin: 0, paddingLeft: 24, display: "grid", gap: 8 }}>
            {sandbox.products.map((product) => (
              <li key={product.id}>
                {product.onSale ? <a href={`${sandbox.path}/products/${product.id}`}>{product.name}</a> : product.name || product.id}
                {!product.onSale && <> <Tag>{t("not_on_sale")}</Tag></>}
                {product.reason && <div className="soft">{product.reason}</div>}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={t("money.title")}>
        <ResourceForm<{ amount: string }, SandboxView> guard={false} initialValues={{ amount: "10000.00" }} submitLabel={t("money.add")} doneText={t("money.added")}
          submit={(values, key) => send<SandboxView>("POST", `${sandboxPath}/money`, values, key)} onDone={onChanged}>
          <Form.Item name="amount" label={t("money.amount")}><Input inputMode="decimal" style={{ maxWidth: 200 }} /></Form.Item>
        </ResourceForm>
      </Panel>
      <Panel title={t("end")}>
        <Alert type="info" showIcon title={t("reset.hint")} style={{ marginBottom: 16 }} />
        <div className={css.file}>
          <ConfirmAction<SandboxView> label={t("reset.action")} title={t("reset.title")} cost={t("reset.cost")} irreversible={t("reset.irreversible")} danger
            run={({ key }) => send<SandboxView>("POST", `${sandboxPath}/reset`, undefined, key)} onDone={onChanged} doneText={t("reset.done")} />
          <ConfirmAction label={t("delete.action")} title={t("delete.title")} irreversible={t("reset.irreversible")} danger
            run={({ key }) => send("DELETE", sandboxPath, undefined, key)} onDone={() => client.invalidateQueries({ queryKey: sandboxKey })} doneText={t("delete.done")} />
        </div>
      </Panel>
    </div>
  );
}

/** The calls that reached the seller's server last; they lie in the sandbox. */
function LatestCalls({ path }: { path: string }) {
  const { t } = useTranslation("sandbox");
  const { data, error, refetch } = useQuery({
    queryKey: ["sandbox-calls", path], refetchInterval: 15_000,
    queryFn: ({ signal }) => get<ListPage<ServiceCall>>(`${path}/api/v1/seller/calls`, { limit: 6 }, signal),
  });
  return (
    <Panel title={t("calls.title")} extra={<a href={`${path}/seller/deliveries`}>{t("calls.all")}</a>}>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} /> : data?.items.length === 0 ? <p className="soft">{t("calls.none")}</p> : (
        <ul className={css.progress}>
          {data?.items.map((call) => (
            <li key={call.id}><a className="mono" href={`${path}/seller/deliveries/${call.id}`}>{call.activity}</a><CallTag state={call.state} nextAt={call.nextAt} /><span className="soft">{call.productName}</span><Time at={call.lastAt} detail="second" /></li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
