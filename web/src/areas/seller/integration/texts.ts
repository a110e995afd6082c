import { loadTexts } from "../../../i18n";

/** Route loader of the pages about debugging, which also show addresses and calls. */
export const integrationTexts = async (): Promise<null> => {
  await loadTexts("integration", "sellers", "trade");
  return null;
};
