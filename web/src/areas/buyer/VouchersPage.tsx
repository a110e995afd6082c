import { useTranslation } from "react-i18next";
import { Money } from "../../ui/Money";
import { formatMoney } from "../../ui/money";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import type { Voucher } from "../trade/voucher";

const states: Voucher["state"][] = ["CLAIMED", "LOCKED", "USED", "LAPSED"];

/** The account's vouchers by status. */
export function VouchersPage() {
  const { t } = useTranslation("voucher");
  return (
    <Page title={t("mine.title")} intro={t("mine.intro")}>
      <ResourceTable<Voucher>
        id="buyer.vouchers" path="/api/v1/vouchers" label={t("mine.title")} rowKey={(row) => row.id} rowLink={(row) => `/buyer/vouchers/${row.id}`}
        filters={[{ key: "state", type: "select", label: t("mine.state"), options: states.map((state) => ({ value: state, label: t(`common:state.voucher.${state.toLowerCase()}`) })) }]}
        columns={[
          { key: "name", title: t("mine.name"), main: true },
          { key: "sellerName", title: t("mine.issuer"), render: (row) => row.sellerName || t("mine.marketplace") },
          { key: "balance", title: t("mine.balance"), align: "right", render: (row) => <Money amount={row.balance} currency={row.currency} /> },
          { key: "locked", title: t("mine.locked"), align: "right", hidden: true, render: (row) => <Money amount={row.locked} currency={row.currency} /> },
          { key: "face", title: t("mine.face"), align: "right", render: (row) => <Money amount={row.face} currency={row.currency} /> },
          { key: "threshold", title: t("mine.threshold"), render: (row) => [Number(row.threshold) > 0 ? t("terms.from", { amount: formatMoney(row.threshold, row.currency) }) : t("terms.no_threshold"), row.modes.map((mode) => t(`mode.${mode}`)).join(" / ")].join(" · ") },
          { key: "validUntil", title: t("mine.validity"), render: (row) => <Time at={row.validUntil} /> },
          { key: "state", title: t("mine.state"), csv: (row) => row.state, render: (row) => <StateTag kind="voucher" state={row.state} /> },
        ]}
        empty={{ title: t("mine.none"), hint: t("mine.none_hint") }}
      />
    </Page>
  );
}
