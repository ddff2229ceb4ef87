import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The app lies under /desk on Parley's own host, and in the jar under the class-path folder desk/.
export default defineConfig({
  base: "/desk/",
  plugins: [react()],
  build: {
    outDir: "target/classes/desk",
    emptyOutDir: true,
    // The content security policy allows no data: addresses in styles.
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    license: { fileName: "assets/licenses.txt" },
    sourcemap: false,
  },
  server: {
    proxy: { "/desk/api": "http://127.0.0.1:4600", "/desk/oidc": "http://127.0.0.1:4600" },
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
