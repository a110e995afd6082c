import { useParams } from "react-router";
import { RunView } from "../seller/integration/RunView";

/** One debug run of a seller, with signatures and delivered access data masked by the server. */
export function SellerRunPage() {
  const { id = "", run = "" } = useParams();
  return <RunView path={`/api/v1/operator/integration/runs/${encodeURIComponent(run)}`} back={`/operator/sellers/${id}`} />;
}
