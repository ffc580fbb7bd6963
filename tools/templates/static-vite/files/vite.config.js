import { defineConfig } from "vite";

// Relative addresses: the page is served below a path that the build does not know.
export default defineConfig({ base: "./" });
