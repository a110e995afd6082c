import { ConsoleLayout } from "../../layout/ConsoleLayout";
import { operatorMenu } from "./menu";
import { operatorRoutes } from "./routes";

export function OperatorLayout() {
  return <ConsoleLayout area="operator" menu={operatorMenu} routes={operatorRoutes} />;
}
