package suggest

import "regexp"

var (
	node    = above("package.json")
	nodeDir = beside("package.json")
)

var catalogueNode = []*Rule{
	{
		ID: "node-modules", Title: "installed Node packages", Class: Dependencies, Level: Sure, Names: words("node_modules"),
		proof: either(nodeDir, beside("deno.json", "deno.jsonc"), inside(".package-lock.json", ".yarn-integrity", ".yarn-state.yml", ".modules.yaml", ".pnpm", ".deno", ".bin")), Again: "npm install", Risk: "an image that installs nothing lacks them", Closed: true,
	},
	{
		ID: "npm-cache", Title: "npm's cache", Class: Cache, Level: Sure, Names: words(".npm _cacache"),
		proof: either(inside("_cacache"), inside("content-v2"), nodeDir), Again: "npm install",
	},
	{
		ID: "pnpm-store", Title: "pnpm's store", Class: Dependencies, Level: Sure, Names: words(".pnpm-store"),
		proof: beside("pnpm-lock.yaml", "pnpm-workspace.yaml"), Again: "pnpm install", Risk: "offline installs read it", Closed: true,
	},
	{
		ID: "yarn-cache", Title: "Yarn's offline cache", Class: Dependencies, Level: Ask, Names: words(".yarn/cache .yarn/unplugged"),
		proof: beside(".yarnrc.yml"), Again: "yarn install", Risk: "zero-install repositories build from it", Closed: true, Ignored: true,
		Remade: regexp.MustCompile(`\byarn(\s+(install|workspaces focus)(\s|$)|\s+--|\s*$)`),
	},
	{
		ID: "yarn-state", Title: "Yarn's record of the last install", Class: Cache, Level: Sure, Names: words(".yarn/install-state.gz .yarn/build-state.yml"), kind: files,
		proof: either(beside(".yarnrc.yml"), nodeDir), Again: "yarn install",
	},
	{
		ID: "yarn-pnp", Title: "Yarn's Plug'n'Play loader", Class: Dependencies, Level: Ask, Names: words(".pnp.*"), kind: files,
		proof: beside(".yarnrc.yml"), Again: "yarn install", Risk: "zero-install repositories build from it",
	},
	{
		ID: "bower-components", Title: "installed Bower packages", Class: Dependencies, Level: Sure, Names: words("bower_components"),
		proof: beside("bower.json", ".bowerrc"), Again: "bower install", Closed: true,
	},
	{
		ID: "jspm-packages", Title: "installed browser packages", Class: Dependencies, Level: Sure, Names: words("jspm_packages web_modules"),
		proof: nodeDir, Again: "jspm install", Closed: true,
	},
	{
		ID: "next", Title: "Next.js build", Class: BuildOutput, Level: Sure, Names: words(".next"),
		proof: either(beside("next.config.*"), says("package.json", `"next"`)), Again: "next build", Risk: "images made of a build on the host read .next/standalone",
	},
	{
		ID: "next-cache", Title: "Next.js cache", Class: Cache, Level: Sure, Names: words(".next/cache"),
		proof: either(beside("next.config.*"), nodeDir), Again: "next build",
	},
	{
		ID: "node-modules-cache", Title: "cache of Node tools", Class: Cache, Level: Sure, Names: words("node_modules/.cache node_modules/.vite node_modules/.vitest"),
		proof: nodeDir, Again: "the tool that wrote it",
	},
	{
		ID: "nuxt", Title: "Nuxt build", Class: BuildOutput, Level: Sure, Names: words(".nuxt"),
		proof: beside("nuxt.config.*"), Again: "nuxt build",
	},
	{
		ID: "nitro-state", Title: "Nitro's local state", Class: Cache, Level: Sure, Names: words(".nitro .data"),
		proof: beside("nuxt.config.*", "nitro.config.*"), Again: "nuxt dev",
	},
	{
		ID: "nitro-output", Title: "Nuxt or Nitro server", Class: BuildOutput, Level: Ask, Names: words(".output"),
		proof: beside("nuxt.config.*", "nitro.config.*", "app.config.*"), Again: "nuxt build", Risk: "images made of a build on the host copy it", AtRoot: true,
		Remade: regexp.MustCompile(`\b((npm|pnpm|yarn|bun)(\s+run)?|nuxt|nuxi)\s+(build|generate)(\s|$)`),
	},
	{
		ID: "svelte-kit", Title: "SvelteKit build", Class: BuildOutput, Level: Sure, Names: words(".svelte-kit"),
		proof: beside("svelte.config.*"), Again: "vite build",
	},
	{
		ID: "angular-cache", Title: "Angular's cache", Class: Cache, Level: Sure, Names: words(".angular"),
		proof: beside("angular.json"), Again: "ng build",
	},
	{
		ID: "astro", Title: "Astro's generated types", Class: BuildOutput, Level: Sure, Names: words(".astro"),
		proof: beside("astro.config.*"), Again: "astro build",
	},
	{
		ID: "docusaurus", Title: "Docusaurus cache", Class: Cache, Level: Sure, Names: words(".docusaurus"),
		proof: beside("docusaurus.config.*"), Again: "docusaurus build",
	},
	{
		ID: "vitepress", Title: "VitePress cache", Class: Cache, Level: Sure, Names: words(".vitepress/cache .vitepress/.temp .vuepress/.cache .vuepress/.temp"),
		proof: beside(".vitepress/config.*", ".vuepress/config.*"), Again: "vitepress build",
	},
	{
		ID: "vitepress-dist", Title: "VitePress site", Class: BuildOutput, Level: Sure, Names: words(".vitepress/dist .vuepress/dist"),
		proof: beside(".vitepress/config.*", ".vuepress/config.*"), Again: "vitepress build", Risk: "images that publish the site copy it",
	},
	{
		ID: "vite-cache", Title: "Vite's cache", Class: Cache, Level: Sure, Names: words(".vite .vinxi"),
		proof: above("vite.config.*", "app.config.*"), Again: "vite",
	},
	{
		ID: "vite-timestamp", Title: "Vite's compiled settings", Class: Temporary, Level: Sure, Names: words("vite.config.*.timestamp-* vitest.config.*.timestamp-*"), kind: files,
		proof: byName, Again: "vite",
	},
	{
		ID: "turbo", Title: "Turborepo's cache", Class: Cache, Level: Sure, Names: words(".turbo"),
		proof: above("turbo.json", "turbo.jsonc"), Again: "turbo run",
	},
	{
		ID: "nx-cache", Title: "Nx's cache", Class: Cache, Level: Sure, Names: words(".nx/cache .nx/workspace-data .nx/installation"),
		proof: beside("nx.json"), Again: "nx run",
	},
	{
		ID: "rush-temp", Title: "Rush's working directory", Class: Dependencies, Level: Sure, Names: words("common/temp"),
		proof: beside("rush.json"), Again: "rush install", Closed: true, AtRoot: true,
	},
	{
		ID: "bundler-cache", Title: "cache of a bundler", Class: Cache, Level: Sure,
		Names: words(".parcel-cache .rpt2_cache .rts2_cache_cjs .rts2_cache_es .rts2_cache_umd .rollup.cache .esbuild .swc .rspack .wireit .fusebox"),
		proof: node, Again: "the next run of the bundler",
	},
	{
		ID: "js-lint-cache", Title: "cache of a linter", Class: Cache, Level: Sure, Names: words(".eslintcache .stylelintcache .prettiercache"), kind: both,
		proof: node, Again: "the next run of the linter",
	},
	{
		ID: "tsbuildinfo", Title: "TypeScript's record of the last build", Class: Cache, Level: Sure, Names: words("*.tsbuildinfo"), kind: files,
		proof: either(above("tsconfig*.json", "jsconfig.json"), node), Again: "tsc -b",
	},
	{
		ID: "js-coverage", Title: "coverage report", Class: TestOutput, Level: Sure, Names: words("coverage"),
		proof: all(inside("lcov.info", "lcov-report", "coverage-final.json", "clover.xml", "coverage-summary.json", ".tmp"), node), Again: "a test run", AtRoot: true,
	},
	{
		ID: "nyc-output", Title: "raw coverage data", Class: TestOutput, Level: Sure, Names: words(".nyc_output .v8-coverage"),
		proof: node, Again: "a test run",
	},
	{
		ID: "coverage-dir", Title: "directory called coverage", Class: TestOutput, Level: Ask, Names: words("coverage lib-cov"),
		proof: nodeDir, Again: "a test run", Risk: "it may be source", AtRoot: true,
	},
	{
		ID: "storybook-static", Title: "built Storybook", Class: BuildOutput, Level: Sure, Names: words("storybook-static"),
		proof: beside(".storybook"), Again: "storybook build", Risk: "images that publish it copy it", AtRoot: true,
	},
	{
		ID: "playwright-report", Title: "Playwright's reports", Class: TestOutput, Level: Sure, Names: words("playwright-report test-results blob-report"),
		proof: above("playwright.config.*", "playwright-ct.config.*"), Again: "a test run", AtRoot: true,
	},
	{
		ID: "cypress-output", Title: "Cypress recordings", Class: TestOutput, Level: Sure, Names: words("cypress/videos cypress/screenshots cypress/downloads"),
		proof: beside("cypress.config.*", "cypress.json"), Again: "a test run", AtRoot: true,
	},
	{
		ID: "jest-cache", Title: "Jest's cache", Class: Cache, Level: Sure, Names: words(".jest .jest-cache"),
		proof: node, Again: "a test run",
	},
	{
		ID: "js-cache", Title: "cache of Node tools", Class: Cache, Level: Sure, Names: words(".cache"),
		proof: all(nodeDir, without("huggingface", "torch", "whisper", "ms-playwright", "puppeteer")), Again: "the tool that wrote it",
	},
	{
		ID: "dist", Title: "directory called dist", Class: BuildOutput, Level: Ask, Names: words("dist"),
		proof: beside("package.json", "pyproject.toml", "setup.py"), Again: "a build", Risk: "it is often the very thing that an image is made of", AtRoot: true,
	},
	{
		ID: "out", Title: "directory called out", Class: BuildOutput, Level: Ask, Names: words("out"),
		proof: beside("package.json", "*.iml"), Again: "a build", Risk: "it is often the very thing that an image is made of", AtRoot: true,
	},
	{
		ID: "js-build", Title: "directory called build", Class: BuildOutput, Level: Ask, Names: words("build"),
		proof: all(nodeDir, inside("index.html", "static", "asset-manifest.json", "index.js", "server")), Again: "a build", Risk: "it is often the very thing that an image is made of", AtRoot: true,
	},
	{
		ID: "serverless", Title: "Serverless package", Class: BuildOutput, Level: Sure, Names: words(".serverless"),
		proof: beside("serverless.*"), Again: "serverless package",
	},
	{
		ID: "hosting-cli", Title: "state of a hosting service's tool", Class: Cache, Level: Sure, Names: words(".vercel .netlify .firebase"),
		proof: either(inside("project.json"), inside("state.json"), beside("vercel.json", "netlify.toml", "firebase.json")), Again: "the service's tool",
	},
	{
		ID: "wrangler", Title: "Wrangler's local state", Class: Cache, Level: Sure, Names: words(".wrangler"),
		proof: above("wrangler.toml", "wrangler.json*"), Again: "wrangler dev",
	},
	{
		ID: "sst", Title: "SST's local state", Class: Cache, Level: Sure, Names: words(".sst"),
		proof: beside("sst.config.*", "sst.json"), Again: "sst dev",
	},
	{
		ID: "expo", Title: "Expo's local state", Class: Cache, Level: Sure, Names: words(".expo"),
		proof: beside("app.json", "app.config.*"), Again: "expo start",
	},
	{
		ID: "metro", Title: "left by Metro", Class: Temporary, Level: Sure, Names: words(".metro-health-check*"), kind: both,
		proof: node, Again: "expo start",
	},
	{
		ID: "react-router", Title: "React Router's generated types", Class: BuildOutput, Level: Sure, Names: words(".react-router"),
		proof: beside("react-router.config.*"), Again: "react-router build",
	},
	{
		ID: "deno-cache", Title: "Deno's cache", Class: Cache, Level: Sure, Names: words("deno_cache .deno"),
		proof: beside("deno.json", "deno.jsonc", "deno.lock"), Again: "deno cache", Risk: "offline builds read it",
	},
	{
		ID: "npm-debug-log", Title: "log of a failed install", Class: Log, Level: Sure, Names: words("npm-debug.log* yarn-error.log* yarn-debug.log* lerna-debug.log* .pnpm-debug.log*"), kind: files,
		proof: node,
	},
	{
		ID: "node-report", Title: "Node's diagnostic report", Class: Crash, Level: Sure, Names: words("report.*.json"), kind: files,
		proof: header("a report's header", contains(`"reportVersion"`)),
	},
}
