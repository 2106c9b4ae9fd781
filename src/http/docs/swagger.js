"use strict";

// The key that a reader enters stays in this page: it is not kept across visits.
SwaggerUIBundle({
  url: "{api}/doc/openapi.bundled.json",
  dom_id: "#documentation",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Who may call an operation: `x-scope`.
  showExtensions: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
