package suggest

import (
	"context"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

// TestNeedsRepository tells what of a RUN instruction needs the repository.
func TestNeedsRepository(t *testing.T) {
	t.Parallel()
	tests := []struct{ run, want string }{
		{"RUN git describe --tags", "calls git describe"},
		{"RUN --mount=type=cache,target=/c git rev-parse HEAD", "calls git rev-parse"},
		{"RUN go build -ldflags \"-X main.v=$(git describe)\"", "calls git describe"},
		{"RUN V=`git log -1 --format=%h` make", "calls git log"},
		{"RUN cd /src && git -C . status", "calls git status"},
		{"RUN if git diff --quiet; then true; fi", "calls git diff"},
		{"RUN [\"git\", \"submodule\", \"update\"]", "calls git submodule"},
		{"RUN git config user.name x", "calls git config"},
		{"RUN cp .git/HEAD /head", "reads .git"},
		{"RUN cat ./.git/refs/heads/main", "reads .git"},
		{"RUN goreleaser build --snapshot", "calls goreleaser, which asks git for the version"},
		{"RUN apt-get install -y git curl", ""},
		{"RUN apk add --no-cache git", ""},
		{"RUN git config --global url.a.insteadOf b", ""},
		{"RUN git clone https://example.com/x.git && cd x && git checkout v1", ""},
		{"RUN git init && git add . && git commit -m x", ""},
		{"RUN rm -rf .git", ""},
		{"RUN go install github.com/a/b@latest", ""},
		{"RUN pip install git+https://example.com/x.git", ""},
		{"RUN git --version", ""},
		{"RUN npm ci && npm run build", ""},
		{"RUN apk add --no-cache git ca-certificates", ""},
		{"RUN apt-get install -y a=1.2 git curl", ""},
		{"RUN <<EOF\napt-get install -y \\\n  file \\\n  # to fetch\n  git \\\n  install-php-extensions\nEOF", ""},
		{"RUN --mount=type=cache,target=./.git --mount=source=a,target=b rm -f ./.git/*.lock", ""},
		{"RUN --mount=type=cache,target=/c --network=none git log -1", "calls git log"},
		{"RUN sudo -E git log -1", "calls git log"},
		{"RUN find .git -name HEAD", "reads .git"},
		{"RUN find . -name .git -prune -o -type f -print", ""},
		{"RUN test -z \"$(find . -name .git -print -quit)\"", ""},
	}
	for _, tt := range tests {
		if got := needsRepository(tt.run); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.run, got, tt.want)
		}
	}
}

// TestManifests wants every manifest to be taken for what it is, and a word within
// another for nothing.
func TestManifests(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path, text, run string
		needs           bool
	}{
		{"pyproject.toml", "requires = [\"setuptools-scm>=8\"]", "", true},
		{"pyproject.toml", "[tool.hatch.version]\nsource = \"vcs\"", "", true},
		{"pyproject.toml", "[tool.pdm]\nversion = { source = \"scm\" }", "", true},
		{"pyproject.toml", "requires = [\"setuptools\"]", "", false},
		{"setup.py", "setup(use_scm_version=True)", "", true},
		{"setup.cfg", "[versioneer]\nVCS = git", "", true},
		{"src/App.csproj", `<PackageReference Include="MinVer" />`, "", true},
		{"src/App.csproj", `<PackageReference Include="GitVersion.MsBuild" />`, "", true},
		{"src/App.csproj", `<TargetPlatformMinVersion>10</TargetPlatformMinVersion>`, "", false},
		{"Directory.Packages.props", `<PackageVersion Include="Nerdbank.GitVersioning" />`, "", true},
		{"Cargo.toml", "[build-dependencies]\nvergen = \"9\"", "", true},
		{"Cargo.toml", "[dependencies]\nserde = \"1\"", "", false},
		{"build.rs", `Command::new("git")`, "", true},
		{"pom.xml", "<artifactId>git-commit-id-maven-plugin</artifactId>", "", true},
		{"build.gradle.kts", `id("com.gorylenko.gradle-git-properties")`, "", true},
		{"a.gemspec", "s.files = `git ls-files`.split", "", true},
		{"mix.exs", `System.cmd("git", ["describe"])`, "", true},
		{"package.json", `"build": "vite build --v $(git rev-parse HEAD)"`, "RUN npm run build", true},
		{"package.json", `"simple-git": "^3.19.1"`, "RUN pnpm build", true},
		{"package.json", `"simple-git-hooks": "^2.13.1"`, "RUN pnpm build", false},
		{"package.json", `"release": "git describe"`, "RUN go build", false},
		{"Makefile", "V := $(shell git describe)", "RUN make app", true},
		{"Makefile", "V := $(shell git describe)", "RUN go build ./cmd/maker", false},
		{"Makefile", "app:\n\tgo build\npush:\n\tgit describe\n", "RUN make app", false},
		{"Makefile", "app:\n\tgo build\npush:\n\tgit describe\n", "RUN make", false},
		{"Makefile", "app: version\n\tgo build\nversion:\n\tgit describe\n", "RUN make app", true},
		{"Makefile", "app:\n\t$(MAKE) push\npush:\n\tgit describe\n", "RUN make app", true},
		{"Makefile", "app:\n\tgo build\npush:\n\tgit describe\n", "RUN make push", true},
		{"Makefile", "app:\n\tgo build\npush:\n\tgit describe\n", "RUN make $GOAL", true},
		{"Makefile", "include more.mk\napp:\n\tgo build\npush:\n\tgit describe\n", "RUN make app", true},
		{"Makefile", "%-v:\n\tgit describe\n", "RUN make a-v", true},
		{"package.json", `"dependencies": {"simple-git": "^3"}`, "RUN pnpm build", true},
		{"package.json", `"devDependencies": {"simple-git-hooks": "^3"}`, "RUN pnpm build", false},
		{"web/next.config.base.js", "execSync('git rev-parse HEAD')", "RUN npm run build", true},
		{"vite.config.ts", "spawnSync('git', ['rev-parse'])", "RUN npm run build", true},
		{"release.config.js", "plugins: ['git']", "RUN npm run build", false},
		{"build.gradle", "commandLine 'git', 'rev-parse'", "RUN ./gradlew build", true},
		{"build.gradle", `connection = "scm:git:git://x"`, "RUN ./gradlew build", false},
		{"a.cabal", "build-depends: base, gitrev", "", true},
		{"project/plugins.sbt", `addSbtPlugin("com.github.sbt" % "sbt-dynver" % "5")`, "", true},
		{"meson.build", "vcs_tag(input: 'a')", "", true},
		{"mkdocs.yml", "plugins:\n  - git-revision-date-localized", "RUN mkdocs build", true},
		{"docusaurus.config.js", "showLastUpdateTime: true", "RUN yarn build", true},
		{"hugo.toml", "enableGitInfo = true", "RUN hugo --minify", true},
		{"docs/hugo.toml", "enableGitInfo = true", "RUN go build", false},
		{"site/hugo.toml", "enableGitInfo = true", "RUN make -C site", true},
		{"apps/docs/docusaurus.config.ts", "showLastUpdateTime: true", "RUN pnpm build && node /app/apps/cli", false},
		{"apps/docs/docusaurus.config.ts", "showLastUpdateTime: true", "RUN pnpm --filter docs build", true},
		{".vitepress/config.ts", "lastUpdated: true", "RUN pnpm build", true},
		{"CMakeLists.txt", "find_package(Git)\nexecute_process(COMMAND ${GIT_EXECUTABLE} rev-parse HEAD)", "RUN cmake .", true},
		{"cmake/patch.cmake", "find_package(Git)\nexecute_process(COMMAND ${GIT_EXECUTABLE} apply x.patch)", "RUN cmake .", false},
		{"node_modules/x/package.json", `"build": "git describe"`, "RUN npm run build", false},
	}
	for _, tt := range tests {
		tree := &treetest.Tree{}
		tree.Text(tt.path, tt.text)
		inv, err := buildcontext.Scan(context.Background(), tree, buildcontext.ScanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		r := newReader(inv, tree, func(buildcontext.ID) bool { return true })
		if why := whyGit(r, []Run{{Text: tt.run}}); (why != "") != tt.needs {
			t.Errorf("%s %q: %q", tt.path, tt.text, why)
		}
	}
}
