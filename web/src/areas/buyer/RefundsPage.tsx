import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { Page } from "../../ui/Page";
import { listKey } from "../../ui/ResourceTable";
import { RefundsTable } from "../trade/RefundsTable";

const path = "/api/v1/refunds";

/** Services that were given back, and what became of it. */
export function RefundsPage() {
  const { t } = useTranslation("money");
  const { can } = useSession();
  const client = useQueryClient();
  return (
    <Page title={t("refunds.title")} intro={t("refunds.intro")}>
      <RefundsTable side="buyer" path={path} rowActions={(row) => row.state === "requested" && can("order:buy") && (
        <ConfirmAction label={t("refunds.withdraw")} title={t("refunds.withdraw_title", { product: row.productName })} cost={t("refunds.withdraw_cost")} button={{ size: "small" }} doneText={t("refunds.withdrawn")}
          run={({ key }) => send("POST", `${path}/${row.id}/withdraw`, undefined, key)} onDone={() => client.invalidateQueries({ queryKey: listKey(path) })} />
      )} />
    </Page>
  );
}
