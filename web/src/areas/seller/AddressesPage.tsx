import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal, Tag, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { Page } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { HealthScore, useHealth } from "../trade/probing/HealthScore";
import { AccessProgress } from "./AccessProgress";
import { addressesPath, type ProductionAddress } from "./address";
import type { Apply } from "./application";
import { BindDialog } from "./BindDialog";
import { Deviations } from "./integration/Deviations";
import { OrderNotification } from "./integration/OrderNotification";
import { RotationDialog } from "./integration/RotationDialog";
import { SwitchesDialog } from "./integration/SwitchesDialog";
import css from "./seller.module.css";
import { VerifyDialog } from "./VerifyDialog";

type Open = { kind: "add" } | { kind: "rename" | "verify" | "bind" | "switches" | "rotate"; address: ProductionAddress } | null;

/** The origins of the seller's own servers: register, prove ownership, bind keys. */
export function AddressesPage() {
  const { t } = useTranslation("sellers");
  const { t: settings } = useTranslation("integration");
  const { session, can } = useSession();
  const client = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const { data: apply, refetch } = useQuery({ queryKey: ["seller-application"], queryFn: ({ signal }) => get<Apply>("/api/v1/seller/application", undefined, signal) });
  const changed = async () => { await Promise.all([client.invalidateQueries({ queryKey: listKey(addressesPath) }), refetch()]); };
  const write = can("address:write");
  const health = useHealth();

  return (
    <Page title={t("address.title")} intro={t("address.intro")}>
      {apply && apply.progress.some((step) => step.required && !step.done) && <AccessProgress steps={apply.progress} />}
      <ResourceTable<ProductionAddress>
        id="seller.addresses" path={addressesPath} label={t("address.title")} rowKey={(row) => row.id} exportable={false}
        columns={[
          { key: "origin", title: t("address.origin"), main: true, render: (row) => <CopyText text={row.origin} /> },
          { key: "state", title: t("address.state"), render: (row) => <StateTag kind="address" state={row.state} {...(row.state === "unverified" ? { next: t(row.checkText ? "address.check_failed" : "address.prove_next") } : {})} /> },
          { key: "generations", title: t("address.generations"), render: (row) => <span className={css.tags}>{row.generations.map((one) => <Tag key={one}>{one.toUpperCase()}</Tag>)}{row.development && <Tooltip title={t("address.development_hint")}><Tag>{t("address.development")}</Tag></Tooltip>}<Deviations switches={row.switches} /></span> },
          { key: "bindings", title: t("address.bindings"), render: (row) => row.bindings.length ? <span className={css.keys}>{row.bindings.map((one) => <Tag key={`${one.category} ${one.role}`}>{t(`category.${one.category}`)} · {one.keyName}{one.role === "pending" && ` (${settings("rotation.tag")})`}</Tag>)}</span> : <span className="faint">{t("address.no_keys")}</span> },
          { key: "health", title: t("quality:health.title"), render: (row) => <HealthScore health={health[row.id]} /> },
          { key: "uses", title: t("address.uses"), align: "right" },
          { key: "verifiedAt", title: t("address.verified_at"), hidden: true, render: (row) => (row.verifiedAt ? <Time at={row.verifiedAt} /> : "–") },
        ]}
        actions={write && <Button type="primary" onClick={() => setOpen({ kind: "add" })}>{t("address.add")}</Button>}
        rowActions={(row) => write && (
          <>
            <Button size="small" type={row.state === "verified" ? "default" : "primary"} onClick={() => setOpen({ kind: "verify", address: row })}>{t(row.state === "verified" ? "address.verify_again" : "address.verify")}</Button>
            <Button size="small" onClick={() => setOpen({ kind: "bind", address: row })}>{t("address.bind")}</Button>
            {row.bindings.length > 0 && <Button size="small" onClick={() => setOpen({ kind: "rotate", address: row })}>{settings("rotation.button")}</Button>}
            <Button size="small" onClick={() => setOpen({ kind: "switches", address: row })}>{settings("switches.button")}</Button>
            {row.uses === 0 && <Button size="small" onClick={() => setOpen({ kind: "rename", address: row })}>{t("address.rename")}</Button>}
            {row.uses === 0 && <ConfirmAction label={t("address.remove")} title={t("address.remove_title", { origin: row.origin })} irreversible={t("address.remove_cost")} danger button={{ size: "small" }}
              run={({ key }) => send("DELETE", `${addressesPath}/${row.id}`, undefined, key)} onDone={changed} doneText={t("address.removed")} />}
          </>
        )}
        empty={{ title: t("address.none"), hint: t("address.none_hint"), ...(write ? { action: <Button type="primary" onClick={() => setOpen({ kind: "add" })}>{t("address.add")}</Button> } : {}) }}
      />
      {session?.seller && can("address:read") && <OrderNotification write={write} />}
      {(open?.kind === "add" || open?.kind === "rename") && (
        <OriginDialog {...(open.kind === "rename" ? { address: open.address } : {})} onClose={() => setOpen(null)}
          onDone={async (address) => { await changed(); setOpen(address.state === "unverified" ? { kind: "verify", address } : null); }} />
      )}
      {open?.kind === "verify" && <VerifyDialog addressId={open.address.id} onClose={() => setOpen(null)} onChanged={changed} />}
      {open?.kind === "switches" && <SwitchesDialog side="seller" addressId={open.address.id} onClose={() => setOpen(null)} onChanged={changed} />}
      {open?.kind === "rotate" && <RotationDialog address={open.address} onClose={() => setOpen(null)} onChanged={changed} />}
      {open?.kind === "bind" && <BindDialog address={open.address} onClose={() => setOpen(null)} onChanged={changed} />}
    </Page>
  );
}

/** Registers an origin, or gives an unused address another one. */
function OriginDialog({ address, onClose, onDone }: { address?: ProductionAddress; onClose: () => void; onDone: (address: ProductionAddress) => Promise<void> }) {
  const { t } = useTranslation("sellers");
  return (
    <Modal open title={t(address ? "address.rename_title" : "address.add")} footer={null} onCancel={onClose} destroyOnHidden>
      <ResourceForm<{ origin: string }, ProductionAddress> guard={false} initialValues={{ origin: address?.origin ?? "" }} submitLabel={t(address ? "address.rename" : "address.add")} onCancel={onClose} onDone={onDone}
        submit={(values, key) => send<ProductionAddress>(address ? "PUT" : "POST", address ? `${addressesPath}/${address.id}` : addressesPath, values, key)}>
        <Form.Item name="origin" label={t("address.origin")} required extra={t("address.origin_hint")}><Input inputMode="url" placeholder="https://saas.example.com:8443" autoFocus /></Form.Item>
      </ResourceForm>
    </Modal>
  );
}
