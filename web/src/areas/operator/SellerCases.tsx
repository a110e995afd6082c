import { useTranslation } from "react-i18next";
import { ResourceTable } from "../../ui/ResourceTable";
import { caseColumns, caseFilters } from "../seller/integration/caseColumns";
import type { CaseRow } from "../seller/integration/integration";

/** The saved debug cases of one seller, to read; each opens its last run. */
export function SellerCases({ sellerId }: { sellerId: string }) {
  const { t } = useTranslation("integration");
  return (
    <ResourceTable<CaseRow>
      id="operator.cases" path="/api/v1/operator/integration/cases" query={{ seller: sellerId }} label={t("cases.title")} urlPrefix="case_" rowKey={(row) => row.id}
      rowLink={(row) => `/operator/sellers/${sellerId}/runs/${row.lastRunId}`} filters={caseFilters(t)} columns={caseColumns(t)}
      empty={{ title: t("cases.operator_none"), hint: t("cases.operator_none_hint") }}
    />
  );
}
