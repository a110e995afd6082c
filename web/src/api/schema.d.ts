/**
 * Replaced by `npm run gen:api` from docs/openapi.json.
 */
export interface paths {
  "/session": {
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      responses: { 200: { content: { "application/json": components["schemas"]["Session"] } } };
    };
  };
}

export interface components {
  schemas: {
    Session: {
      signedIn: boolean;
      kind?: "user" | "operator";
      user?: { id: string; name: string; email: string };
      account?: { id: string; name: string; kind: string; realNameState: string };
      seller?: { id: string; state: string; name: string } | null;
      permissions: string[];
      csrfToken: string;
      site: { name: string; logoUrl: string; currency: string; timeZone: string; demo: boolean };
    };
  };
}
