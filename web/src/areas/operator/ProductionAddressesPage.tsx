import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { Page } from "../../ui/Page";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { HealthOf } from "../trade/probing/HealthScore";
import type { Switches } from "../seller/address";
import { Deviations } from "../seller/integration/Deviations";
import { SwitchesDialog } from "../seller/integration/SwitchesDialog";

interface Row {
  id: string;
  sellerId: string;
  sellerName: string;
  origin: string;
  state: string;
  method: string;
  acceptUnsigned: boolean;
  switches: Switches;
  checkText: string;
  verifiedAt?: string;
  createdAt: string;
}

const path = "/api/v1/operator/addresses";

/** The production addresses of all sellers: confirm ownership, allow unsigned answers. */
export function ProductionAddressesPage() {
  const { t } = useTranslation("sellers");
  const { t: settings } = useTranslation("integration");
  const [switching, setSwitching] = useState("");
  const { can } = useSession();
  const client = useQueryClient();
  const done = async () => { await client.invalidateQueries({ queryKey: listKey(path) }); };
  return (
    <Page title={t("address.title")} intro={t("oversee.intro")}>
      <ResourceTable<Row>
        id="operator.addresses" path={path} label={t("address.title")} rowKey={(row) => row.id}
        filters={[
          { key: "q", type: "text", label: t("oversee.search") },
          { key: "state", type: "select", label: t("address.state"), options: ["unverified", "verified"].map((value) => ({ value, label: t(`state.address.${value}`) })) },
        ]}
        columns={[
          { key: "origin", title: t("address.origin"), main: true, render: (row) => <CopyText text={row.origin} /> },
          { key: "sellerName", title: t("oversee.seller") },
          { key: "state", title: t("address.state"), render: (row) => <StateTag kind="address" state={row.state} next={row.state === "unverified" ? row.checkText || undefined : undefined} /> },
          { key: "method", title: t("oversee.method"), render: (row) => (row.method ? t(`oversee.by_${row.method}`) : "–") },
          { key: "acceptUnsigned", title: t("oversee.unsigned"), render: (row) => t(row.acceptUnsigned ? "oversee.unsigned_on" : "oversee.unsigned_off") },
          { key: "switches", title: settings("switches.column"), csv: false, render: (row) => <Deviations switches={row.switches} none={<span className="faint">{settings("switches.none")}</span>} /> },
          { key: "health", title: t("quality:health.title"), render: (row) => <HealthOf id={row.id} />, csv: false },
          { key: "createdAt", title: t("oversee.registered"), hidden: true, render: (row) => <Time at={row.createdAt} /> },
        ]}
        rowActions={(row) => can("seller:review") && (
          <>
            <Button size="small" onClick={() => setSwitching(row.id)}>{settings("switches.button")}</Button>
            {row.state === "unverified" && (
              <ConfirmAction label={t("oversee.confirm")} title={t("oversee.confirm_title", { origin: row.origin })} cost={t("oversee.confirm_cost")} button={{ size: "small" }} reason={{ label: t("oversee.evidence"), required: true }}
                run={({ reason, key }) => send("POST", `${path}/${row.id}/confirm`, { reason }, key)} onDone={done} doneText={t("oversee.confirmed")} />
            )}
            <ConfirmAction label={t(row.acceptUnsigned ? "oversee.unsigned_stop" : "oversee.unsigned_allow")} title={t(row.acceptUnsigned ? "oversee.unsigned_stop_title" : "oversee.unsigned_allow_title", { origin: row.origin })}
              cost={t("oversee.unsigned_cost")} button={{ size: "small" }} reason={{ label: t("review.reason"), required: true }}
              run={({ reason, key }) => send("PUT", `${path}/${row.id}/unsigned`, { acceptUnsigned: !row.acceptUnsigned, reason }, key)} onDone={done} />
          </>
        )}
        empty={{ title: t("address.none"), hint: t("oversee.none_hint") }}
      />
      {switching && <SwitchesDialog side="operator" addressId={switching} onClose={() => setSwitching("")} onChanged={done} />}
    </Page>
  );
}
