import { loadTexts } from "../../i18n";

/** Route loader of the pages about sellers, which stand in two areas and share one file of texts. */
export const sellersTexts = async (): Promise<null> => {
  await loadTexts("sellers");
  return null;
};
