package machines

// kind is one sort of project.
type kind struct {
	name string
	make func(m *Machine)
}

var kinds = []kind{
	{"next", next},
	{"pnpm-monorepo", pnpmMonorepo},
	{"yarn-zero-install", yarnZeroInstall},
	{"angular", angular},
	{"vite-static-host-build", viteHostBuild},
	{"django", django},
	{"python-ml", pythonML},
	{"rust-workspace", rustWorkspace},
	{"go-service", goService},
	{"cmake", cmakeProject},
	{"maven", maven},
	{"gradle", gradleProject},
	{"dotnet", dotnetSolution},
	{"rails", railsApp},
	{"laravel", laravelApp},
	{"phoenix", phoenix},
	{"haskell", haskell},
	{"scala", scala},
	{"swift-server", swiftServer},
	{"flutter-web", flutterWeb},
	{"unity-server", unityServer},
	{"terraform", terraformProject},
	{"hugo-site", hugoSite},
	{"local-databases", localDatabases},
	{"agents", agents},
	{"nuxt", nuxt},
	{"symfony", symfonyApp},
	{"local-services", localServices},
	{"no-git", noGit},
}

func next(m *Machine) {
	m.dockerfile("node:22", "COPY package.json package-lock.json ./", "RUN npm ci", "COPY . .", "RUN npm run build")
	m.text("package.json", `{"scripts": {"build": "next build"}, "dependencies": {"next": "15"}}`)
	m.source("package-lock.json", "next.config.mjs", "tsconfig.json", ".env.example", ".env.production", "public/logo.svg", "README.md", "LICENSE",
		"src/app/page.tsx", "src/logs/view.ts", "src/core/index.ts", "src/coverage/report.ts", "src/build/steps.ts", "src/lib/env/index.ts", "scripts/bin/seed.sh", "fixtures/sample.log")
	m.many("node_modules", "package-%d/dist/index.js", 300, 400*mB)
	m.put("node_modules", "sharp/build/Release/sharp.node", 20*mB, "\x7fELF")
	m.many(".next", "cache/webpack/%d.pack", 20, 300*mB)
	m.many("coverage", "lcov-report/%d.html", 20, 4*mB)
	m.put("coverage", "lcov.info", 100*kB, "TN:")
	m.junk(".env", "", 200, "STRIPE_SECRET_KEY=x\n")
	m.junk(".env.local", "", 100, "A=b\n")
	m.junk("tsconfig.tsbuildinfo", "", 2*mB, "{}")
	m.junk("npm-debug.log", "", 50*kB, "0 info")
	m.junk("playwright-report", "index.html", 3*mB, "")
	m.source("playwright.config.ts")
	m.junk(".vercel", "project.json", 200, "{}")
	m.everywhere("src", "public")
}

func pnpmMonorepo(m *Machine) {
	m.dockerfile("node:22", "COPY . .", "RUN pnpm install --frozen-lockfile && pnpm build", "COPY packages/assets/dist /srv/assets")
	m.text("package.json", `{"private": true}`)
	m.source("pnpm-lock.yaml", "pnpm-workspace.yaml", "turbo.json", "tsconfig.base.json", "packages/assets/package.json")
	m.wanted("packages/assets/dist/logo.png", 100*kB, "\x89PNG")
	m.many("node_modules", ".pnpm/package-%d/index.js", 200, 300*mB)
	for _, name := range []string{"apps/web", "apps/docs", "packages/ui", "packages/core", "packages/logs"} {
		m.text(name+"/package.json", "{}")
		m.source(name+"/src/index.ts", name+"/src/vendor/lib.ts", name+"/tsconfig.json")
		m.Tree.Symlink(name+"/node_modules/ui", "../../../packages/ui")
		m.junk(name+"/node_modules", ".bin/tsc", 2*kB, "#!/bin/sh")
		m.junk(name+"/.turbo", "turbo-build.log", 20*kB, "")
		m.output(name+"/dist", "index.js", 2*mB)
		m.junk(name+"/tsconfig.tsbuildinfo", "", 900*kB, "{}")
	}
	m.many("apps/web/.next", "cache/%d", 10, 90*mB)
	m.source("apps/web/next.config.js", "apps/docs/docusaurus.config.js")
	m.junk("apps/docs/.docusaurus", "x.json", 5*mB, "")
	m.everywhere("apps/web")
}

func yarnZeroInstall(m *Machine) {
	m.dockerfile("node:22", "COPY . .", "RUN yarn install --immutable --immutable-cache")
	m.text("package.json", "{}")
	m.source("yarn.lock", ".yarnrc.yml", ".pnp.cjs", ".yarn/releases/yarn-4.cjs", ".yarn/cache/a.zip", ".yarn/cache/b.zip", ".yarn/patches/c.patch", "src/index.ts")
	m.junk(".yarn/install-state.gz", "", 2*mB, "\x1f\x8b")
	m.output(".yarn/unplugged", "esbuild/bin", 20*mB)
	m.junk(".eslintcache", "", 700*kB, "[]")
	m.everywhere("src")
}

func angular(m *Machine) {
	m.dockerfile("node:22", "COPY . .", "RUN npm ci && npx ng build")
	m.text("package.json", "{}")
	m.source("angular.json", "src/main.ts", "src/environments/env/prod.ts", "src/app/core/core.module.ts", "projects/ui/src/public/api.ts")
	m.many("node_modules", "p%d/x.js", 200, 500*mB)
	m.many(".angular", "cache/19/%d.pack", 20, 200*mB)
	m.output("dist", "app/browser/main.js", 9*mB)
	m.junk("cypress/videos", "a.mp4", 30*mB, "")
	m.source("cypress.config.ts", "cypress/e2e/a.cy.ts")
	m.everywhere("src")
}

// viteHostBuild copies what was built on the machine.
func viteHostBuild(m *Machine) {
	m.dockerfile("nginx", "COPY dist /usr/share/nginx/html", "COPY nginx.conf /etc/nginx/conf.d/default.conf")
	m.text("package.json", "{}")
	m.source("vite.config.ts", "src/main.ts", "nginx.conf")
	m.wanted("dist/index.html", 2*kB, "<html>")
	m.wanted("dist/assets/index.js", 900*kB, "")
	m.wanted("dist/.env", 20, "PUBLIC=1")
	m.stray("dist/.DS_Store", 6148, "")
	m.many("node_modules", "p%d/x.js", 100, 200*mB)
	m.everywhere("src")
}

func hugoSite(m *Machine) {
	m.dockerfile("hugo AS build", "COPY . .", "RUN hugo --minify")
	m.source("hugo.toml", "content/posts/a.md", "static/logo.png", "themes/x/layouts/index.html", "assets/build/main.scss", "archetypes/default.md")
	m.junk("public", "index.html", 30*mB, "")
	m.junk("resources/_gen", "images/a.webp", 80*mB, "RIFF")
	m.junk(".hugo_build.lock", "", 1, "")
	m.everywhere("content")
}
