import { useParams } from "react-router";
import { runsPath } from "./integration";
import { RunView } from "./RunView";

/** One of the seller's debug runs. */
export function RunPage() {
  const { id = "" } = useParams();
  return <RunView path={`${runsPath}/${encodeURIComponent(id)}`} back="/seller/integration/runs" debug />;
}
