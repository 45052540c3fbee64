package machines

const sqlite = "SQLite format 3\x00"

func django(m *Machine) {
	m.dockerfile("python:3.12", "COPY requirements.txt .", "RUN pip install -r requirements.txt", "COPY . .", "RUN python manage.py collectstatic")
	m.source("requirements.txt", "pyproject.toml", "manage.py", "shop/settings.py", "shop/env/__init__.py", "shop/core/models.py", "shop/logs/views.py",
		"shop/static/vendor/jquery.js", "templates/base.html", "tests/test_a.py", "tests/fixtures/sample.sqlite3", ".env.example", "docs/conf.py", "docs/index.rst")
	m.text("seed/cities.sqlite3", sqlite)
	m.many(".venv", "lib/python3.12/site-packages/p%d/x.py", 200, 250*mB)
	m.put(".venv", "pyvenv.cfg", 80, "home = /usr/bin")
	for _, dir := range []string{"shop", "shop/core", "tests"} {
		m.source(dir + "/__init__.py")
		m.many(dir+"/__pycache__", "m%d.cpython-312.pyc", 5, 300*kB)
	}
	m.junk("db.sqlite3", "", 150*mB, sqlite)
	m.junk("db.sqlite3-wal", "", 4*mB, "")
	m.junk("debug.log", "", 40*mB, "")
	m.junk("celerybeat-schedule", "", 16*kB, "")
	m.junk(".pytest_cache", "v/cache/x", 30*kB, "")
	m.junk(".mypy_cache", "3.12/x.json", 60*mB, "")
	m.junk("htmlcov", "index.html", 3*mB, "")
	m.junk(".coverage", "", 100*kB, sqlite)
	m.junk(".env", "", 300, "SECRET_KEY=x\n")
	m.junk("docs/_build", "html/index.html", 20*mB, "")
	m.everywhere("shop")
}

func pythonML(m *Machine) {
	m.dockerfile("pytorch", "COPY pyproject.toml uv.lock ./", "RUN uv sync", "COPY . .")
	m.source("pyproject.toml", "uv.lock", "train.py", "src/models/net.py", "src/data/load.py", "src/runs/__init__.py", "configs/a.yaml", "notebooks/a.ipynb", ".dvc/config", "data/raw.dvc")
	m.many(".venv", "lib/p%d.so", 50, 3000*mB)
	m.put(".venv", "pyvenv.cfg", 80, "home = /usr/bin")
	m.junk("wandb", "run-1/files/x", 300*mB, "")
	m.junk("mlruns", "0/meta.yaml", 2*kB, "")
	m.put("mlruns", "0/a/artifacts/x", 80*mB, "")
	m.junk("lightning_logs", "version_0/x.ckpt", 500*mB, "")
	m.junk(".dvc/cache", "files/md5/aa/x", 2000*mB, "")
	m.junk("notebooks/.ipynb_checkpoints", "a-checkpoint.ipynb", 3*mB, "{}")
	m.junk(".ruff_cache", "0/x", 2*mB, "")
	m.wanted("weights/model.safetensors", 1500*mB, "")
	m.everywhere("src")
}

func rustWorkspace(m *Machine) {
	m.dockerfile("rust AS build", "COPY . .", "RUN cargo build --release", "COPY migrations /migrations")
	m.source("Cargo.toml", "Cargo.lock", "crates/api/Cargo.toml", "crates/api/src/main.rs", "crates/api/src/target/mod.rs", "crates/core/Cargo.toml", "crates/core/src/lib.rs", "migrations/1.sql", "rust-toolchain.toml", ".cargo/config.toml")
	m.many("target", "debug/deps/lib%d.rlib", 100, 4000*mB)
	m.put("target", "CACHEDIR.TAG", 200, "Signature: 8a477f597d28d172789f06886806bc55\n")
	m.put("target", "release/api", 40*mB, "\x7fELF")
	m.many("crates/api/fuzz/target", "debug/%d", 5, 100*mB)
	m.put("crates/api/fuzz/target", "CACHEDIR.TAG", 200, "Signature: 8a477f597d28d172789f06886806bc55\n")
	m.source("crates/api/fuzz/Cargo.toml")
	m.stray("crates/api/src/main.rs.bk", 9*kB, "")
	m.stray("default_1_0.profraw", 2*mB, "")
	m.everywhere("crates")
}

func goService(m *Machine) {
	m.dockerfile("golang AS build", "COPY go.mod go.sum ./", "RUN go mod download", "COPY . .", "RUN CGO_ENABLED=0 go build -o /app ./cmd/app")
	m.source("go.mod", "go.sum", "Makefile", "cmd/app/main.go", "pkg/store/store.go", "internal/logs/logs.go", "internal/core/core.go", "internal/build/build.go", "vendor/modules.txt", "vendor/x/x.go",
		"bin/lint.sh", "testdata/access.log", "testdata/old.bak", "testdata/key.pem", "web/dist/index.html", "api/env/env.go")
	m.junk("app.log", "", 300*mB, "")
	m.junk("cover.out", "", 2*mB, "mode: atomic\n")
	m.junk("internal/store.test", "", 30*mB, "\x7fELF")
	m.junk("cmd/app/__debug_bin123", "", 60*mB, "\x7fELF")
	m.junk("data/dev.db", "", 90*mB, sqlite)
	m.output("dist", "app_linux_amd64/app", 40*mB)
	m.everywhere("cmd")
}

func cmakeProject(m *Machine) {
	m.dockerfile("gcc", "COPY . .", "RUN cmake -B out && cmake --build out")
	m.source("CMakeLists.txt", "src/main.cpp", "src/core/core.cpp", "build/scripts/make.sh", "third_party/lib/libx.a", "cmake/FindX.cmake", "models/teapot.obj")
	m.many("cmake-build-debug", "CMakeFiles/x.dir/%d.o", 40, 200*mB)
	m.many("build-release", "CMakeFiles/%d.o", 40, 300*mB)
	m.put("build-release", "CMakeCache.txt", 30*kB, "# cache")
	m.junk("src/main.o", "", 2*mB, "\x7fELF")
	m.junk("src/main.gcda", "", 40*kB, "")
	m.junk("core.4242", "", 400*mB, "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00")
	m.junk(".cache/clangd", "index/a.idx", 70*mB, "")
	m.everywhere("src")
}

func maven(m *Machine) {
	m.dockerfile("temurin", "COPY target/*.jar /app.jar", "COPY config ./config")
	m.source("pom.xml", "mvnw", ".mvn/wrapper/maven-wrapper.properties", "src/main/java/build/Main.java", "src/main/resources/application.yml", "config/app.yml", "src/main/java/logs/A.java")
	m.wanted("target/app.jar", 40*mB, "PK\x03\x04")
	m.output("target/classes", "Main.class", 2*mB)
	m.junk("logs", "app.log", 90*mB, "")
	m.junk("java_pid12.hprof", "", 700*mB, "JAVA PROFILE 1.0.2\x00")
	m.junk("hs_err_pid12.log", "", 200*kB, "#")
	m.junk(".settings", "org.eclipse.jdt.core.prefs", 400, "")
	m.junk(".project", "", 400, "<?xml version=\"1.0\"?><projectDescription>")
	m.everywhere("src")
}

func gradleProject(m *Machine) {
	m.dockerfile("temurin AS build", "COPY . .", "RUN ./gradlew bootJar")
	m.source("build.gradle.kts", "settings.gradle.kts", "gradlew", "gradle/wrapper/gradle-wrapper.jar", "gradle/wrapper/gradle-wrapper.properties", "app/build.gradle.kts", "app/src/main/kotlin/build/Main.kt", "buildSrc/build.gradle.kts", "buildSrc/src/main/kotlin/X.kt")
	m.many(".gradle", "8.9/fileHashes/%d.bin", 5, 40*mB)
	m.junk(".kotlin", "sessions/x", 1*kB, "")
	m.junk("build", "reports/x.html", 1*mB, "")
	m.junk("app/build", "libs/app.jar", 60*mB, "")
	m.junk("app/out.log", "", 10*mB, "")
	m.junk("local.hprof", "", 300*mB, "JAVA PROFILE 1.0.2\x00")
	m.everywhere("app")
}

func dotnetSolution(m *Machine) {
	m.dockerfile("sdk AS build", "COPY *.sln ./", "COPY src/ ./src/", "RUN dotnet publish src/Web -o /out")
	m.source("Shop.sln", "Directory.Build.props", "src/Web/Web.csproj", "src/Web/Program.cs", "src/Core/Core.csproj", "src/Core/Class.cs", "src/Core/Logs/Log.cs", "bin/deploy.sh", "src/Web/wwwroot/lib/x.js", "models/obj/teapot.obj", "packages/README.md")
	for _, p := range []string{"src/Web", "src/Core", "tests/Web.Tests"} {
		m.source(p + "/" + p[len(p)-3:] + ".csproj")
		m.many(p+"/obj", "Debug/net9.0/%d.dll", 5, 20*mB)
		m.many(p+"/bin", "Debug/net9.0/%d.dll", 5, 60*mB)
	}
	m.junk(".vs", "Shop/v17/.suo", 30*mB, "")
	m.junk("TestResults", "a.trx", 4*mB, "")
	m.junk("src/Web/Web.csproj.user", "", 400, "<Project>")
	m.everywhere("src")
}

func scala(m *Machine) {
	m.dockerfile("sbt AS build", "COPY . .", "RUN sbt stage")
	m.source("build.sbt", "project/build.properties", "project/plugins.sbt", "core/src/main/scala/target/A.scala", "modules/x.scala")
	m.many("target", "streams/%d/out", 10, 90*mB)
	m.junk("project/target", "config-classes/x.class", 30*mB, "")
	m.junk("project/project", "target/x", 10*mB, "")
	m.junk(".bloop", "core.json", 40*kB, "{}")
	m.junk(".metals", "metals.h2.db", 20*mB, "")
	m.junk(".bsp", "sbt.json", 500, "{}")
	m.everywhere("core")
}

func haskell(m *Machine) {
	m.dockerfile("haskell AS build", "COPY . .", "RUN cabal build")
	m.source("shop.cabal", "cabal.project", "stack.yaml", "app/Main.hs", "src/Core/Dist.hs", "dist/README.md")
	m.many(".stack-work", "dist/x86_64/%d.o", 20, 300*mB)
	m.many("dist-newstyle", "build/%d.o", 20, 400*mB)
	m.everywhere("app")
}

func phoenix(m *Machine) {
	m.dockerfile("elixir AS build", "COPY mix.exs mix.lock ./", "COPY config ./config", "COPY lib ./lib", "COPY priv ./priv", "COPY assets ./assets", "RUN mix release")
	m.source("mix.exs", "mix.lock", "config/config.exs", "lib/shop.ex", "lib/shop/deps/a.ex", "lib/cover/a.ex", "priv/static/logo.svg", "priv/repo/migrations/1.exs", "assets/js/app.js", "assets/package.json", "assets/vendor/topbar.js")
	m.many("deps", "plug%d/lib/plug.ex", 30, 40*mB)
	m.many("_build", "dev/lib/%d.beam", 30, 90*mB)
	m.many("assets/node_modules", "p%d/x.js", 20, 60*mB)
	m.junk(".elixir_ls", "build/x", 30*mB, "")
	m.junk("erl_crash.dump", "", 20*mB, "=erl_crash_dump:0.5")
	m.junk("cover", "excoveralls.html", 900*kB, "<html>")
	m.junk("config/.env", "", 100, "SECRET=x\n")
	m.everywhere("lib")
}

func railsApp(m *Machine) {
	m.dockerfile("ruby", "COPY Gemfile Gemfile.lock ./", "RUN bundle install", "COPY . .", "RUN SECRET_KEY_BASE_DUMMY=1 ./bin/rails assets:precompile")
	m.source("Gemfile", "Gemfile.lock", "bin/rails", "config/application.rb", "config/storage.yml", "config/credentials.yml.enc", "app/models/log.rb", "app/views/core/a.erb", "lib/tasks/build.rake", "vendor/javascript/a.js", "public/404.html", "log/.keep", "tmp/.keep", "tmp/pids/.keep", "tmp/storage/.keep", "storage/.keep", "db/seeds.rb", "app/storage/tmp/keep.rb")
	m.many("vendor/bundle", "ruby/3.3.0/gems/g%d/x.rb", 50, 200*mB)
	m.junk("log/development.log", "", 400*mB, "")
	m.junk("log/test.log", "", 200*mB, "")
	m.junk("tmp/cache", "bootsnap/compile-cache/x", 60*mB, "")
	m.junk("tmp/storage/ab", "cd/x", 9*mB, "")
	m.junk("tmp/storage/zz", "00/x", 9*mB, "")
	m.junk("tmp/pids/server.pid", "", 5, "4242\n")
	m.junk("tmp/screenshots", "failure.png", 1*mB, "")
	m.junk("storage/ab", "cd/x", 30*mB, "")
	m.junk("storage/1z", "y2/x", 30*mB, "")
	m.junk("public/assets", "app-0123.js", 9*mB, "")
	m.junk("config/master.key", "", 32, "0123456789abcdef0123456789abcdef")
	m.junk("coverage", ".last_run.json", 100, "{}")
	m.put("coverage", "index.html", 3*mB, "")
	m.junk("db/development.sqlite3", "", 40*mB, sqlite)
	m.many("node_modules", "p%d/x.js", 50, 150*mB)
	m.text("package.json", "{}")
	m.everywhere("app")
}

func laravelApp(m *Machine) {
	m.dockerfile("php", "COPY . .", "RUN composer install --no-dev && npm ci && npm run build")
	m.text("composer.json", "{}")
	m.text("package.json", "{}")
	m.source("artisan", "app/Models/Log.php", "app/Core/Env.php", "config/app.php", "public/index.php", "public/build/.gitignore", "resources/js/vendor/a.js", "bootstrap/app.php", "bootstrap/cache/.gitignore",
		"storage/logs/.gitignore", "storage/framework/views/.gitignore", "storage/framework/sessions/.gitignore", "storage/framework/cache/.gitignore", "storage/framework/cache/data/.gitignore", "storage/app/.gitignore", "storage/app/public/.gitignore", "storage/app/demo/seed.png", ".env.example", "database/migrations/1.php")
	m.many("vendor", "symfony/p%d/x.php", 80, 90*mB)
	m.put("vendor", "autoload.php", 700, "<?php")
	m.many("node_modules", "p%d/x.js", 80, 150*mB)
	m.junk("storage/logs/laravel.log", "", 500*mB, "")
	m.junk("storage/framework/views/a1b2.php", "", 30*kB, "<?php")
	m.junk("bootstrap/cache/packages.php", "", 3*kB, "<?php")
	m.junk("storage/framework/sessions/0aBcD", "", 2*kB, "")
	m.junk("storage/framework/cache/data/ab", "cd/x", 90*mB, "")
	m.junk("storage/framework/cache/data/01", "ef/y", 90*mB, "")
	m.junk("storage/app/public/avatars", "1.png", 30*mB, "")
	m.junk("storage/app/backup.zip", "", 90*mB, "PK")
	m.junk("database/database.sqlite", "", 30*mB, sqlite)
	m.junk(".phpunit.result.cache", "", 20*kB, "")
	m.junk(".env", "", 900, "APP_KEY=base64:x\n")
	m.everywhere("app")
}

func swiftServer(m *Machine) {
	m.dockerfile("swift AS build", "COPY Package.swift Package.resolved ./", "COPY Sources ./Sources", "COPY Tests ./Tests", "RUN swift build -c release")
	m.source("Package.swift", "Package.resolved", "Sources/App/main.swift", "Sources/App/build/Build.swift", "Tests/AppTests/A.swift", "Public/logo.png")
	m.many(".build", "debug/%d.o", 40, 700*mB)
	m.junk(".swiftpm", "xcode/x", 20*kB, "")
	m.junk("db.sqlite", "", 10*mB, sqlite)
	m.everywhere("Sources")
}

func flutterWeb(m *Machine) {
	m.dockerfile("nginx", "COPY build/web /usr/share/nginx/html")
	m.source("pubspec.yaml", "pubspec.lock", "lib/main.dart", "lib/build/steps.dart", "android/app/src/main/AndroidManifest.xml", "ios/Runner/Info.plist", "web/index.html")
	m.wanted("build/web/main.dart.js", 3*mB, "")
	m.many(".dart_tool", "flutter_build/%d.bin", 10, 200*mB)
	m.many("android/.gradle", "8/%d", 3, 20*mB)
	m.many("ios/Pods", "Firebase%d/x.m", 10, 90*mB)
	m.source("ios/Podfile")
	m.everywhere("lib")
}

func unityServer(m *Machine) {
	m.dockerfile("ubuntu", "COPY Builds/Linux /game")
	m.source("ProjectSettings/ProjectVersion.txt", "Assets/Scenes/a.unity", "Assets/Library/own.cs", "Packages/manifest.json")
	m.wanted("Builds/Linux/server.x86_64", 60*mB, "\x7fELF")
	m.many("Library", "Artifacts/%d", 50, 5000*mB)
	m.many("Temp", "%d.tmp", 5, 90*mB)
	m.many("Logs", "%d.log", 5, 9*mB)
	m.everywhere("Assets")
}

func terraformProject(m *Machine) {
	m.dockerfile("terraform", "COPY . .", "RUN terraform init")
	m.source("main.tf", "modules/vpc/main.tf", "modules/vpc/charts/x.yaml", ".terraform.lock.hcl", "files/ca-bundle.pem")
	m.many(".terraform", "providers/%d", 4, 600*mB)
	m.junk("terraform.tfstate", "", 90*kB, `{"version": 4, "terraform_version": "1.9.0"`)
	m.junk("terraform.tfstate.backup", "", 90*kB, `{"version": 4, "terraform_version": "1.9.0"`)
	m.junk("prod.tfvars", "", 400, "password = 1")
	m.junk("deploy.pem", "", 1700, "-----BEGIN RSA PRIVATE KEY-----\n")
	m.text("files/tls.pem", "-----BEGIN CERTIFICATE-----\n")
	m.junk(".vagrant", "machines/x", 9*mB, "")
	m.source("Vagrantfile")
	m.everywhere("modules")
}

func localDatabases(m *Machine) {
	m.dockerfile("node", "COPY package.json .", "COPY src ./src", "COPY . .", "COPY data/seed.db /seed.db")
	m.text("package.json", "{}")
	m.source("src/index.js", "docker-compose.yml", "docker/postgres/init.sql", "docker/mysql/my.cnf", "src/data/db.js", "docs/pg/PG_VERSION")
	m.text("src/db/small.rdb", "require 'x'\n")
	m.wanted("data/seed.db", 3*mB, sqlite)
	m.junk("data/dev.db", "", 300*mB, sqlite)
	m.many("docker/postgres/data", "base/%d", 40, 900*mB)
	m.put("docker/postgres/data", "PG_VERSION", 3, "16\n")
	m.many("docker/mysql/data", "shop/%d.ibd", 10, 700*mB)
	m.put("docker/mysql/data", "ibdata1", 12*mB, "")
	m.many("docker/mongo", "collection-%d.wt", 10, 300*mB)
	m.put("docker/mongo", "WiredTiger", 50, "WiredTiger\n")
	m.put("docker/mongo", "WiredTiger.wt", 9*mB, "")
	m.junk("dump.rdb", "", 80*mB, "REDIS0011")
	m.many("node_modules", "p%d/x.js", 30, 90*mB)
	m.everywhere("src")
}

func agents(m *Machine) {
	m.dockerfile("python:3.12", "COPY . .")
	m.source("CLAUDE.md", "AGENTS.md", ".claude/settings.json", ".claude/commands/a.md", "app.py", "worktrees/README.md", "wt/core.py")
	m.many(".claude/worktrees/fix-1", "src/%d.py", 100, 3000*mB)
	m.put(".claude/worktrees/fix-1", ".git", 60, "gitdir: /x/.git/worktrees/fix-1\n")
	m.many(".worktrees/b", "src/%d.py", 100, 1000*mB)
	m.put(".worktrees/b", ".git", 60, "gitdir: /x/.git/worktrees/b\n")
	m.junk(".claude/settings.local.json", "", 300, "{}")
	m.junk(".aider.chat.history.md", "", 900*kB, "")
	m.junk(".aider.tags.cache.v4", "cache.db", 20*mB, sqlite)
	m.everywhere("wt")
}

// noGit is a project that no repository holds.
func noGit(m *Machine) {
	m.dockerfile("node", "COPY . .")
	m.text("package.json", "{}")
	m.source("index.js", "logs/index.js", "core/index.js", "build/make.js", "vendor/x.js", "bin/start", "env/prod.js", "public/index.html", "fixtures/a.log", "testdata/x.bak", ".env.example", "ca.pem")
	m.many("node_modules", "p%d/x.js", 50, 90*mB)
	m.stray("error.log", 30*mB, "")
	m.stray(".env", 300, "A=b\n")
	m.everywhere("core")
	m.tracked = nil
}
