import { ProbedProductView } from "../trade/probing/ProbedProductView";

/** The probes of one product. */
export function ProbedProductPage() {
  return <ProbedProductView side="operator" />;
}
