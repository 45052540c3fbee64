package suggest

var catalogueData = []*Rule{
	{
		ID: "sqlite", Title: "SQLite database", Class: Database, Level: Sure, Names: words("*.sqlite *.sqlite3 *.db *.db3 *.sdb *.s3db"), kind: files,
		proof: header("it has the SQLite header", isSQLite), Again: "the application", Risk: "an application may start from it", AtRoot: true,
	},
	{
		ID: "sqlite-sidecar", Title: "SQLite's files beside a database", Class: Database, Level: Sure, Names: words("*-wal *-shm *-journal"), kind: files,
		proof: besideSQLite, Again: "the application",
	},
	{
		ID: "duckdb", Title: "DuckDB database", Class: Database, Level: Sure, Names: words("*.duckdb *.ddb"), kind: files,
		proof: header("it has the DuckDB header", beginsAt(8, "DUCK")), Again: "the application", Risk: "an application may read it", AtRoot: true,
	},
	{
		ID: "postgres-data", Title: "PostgreSQL's data", Class: Database, Level: Sure, Names: words("*"),
		proof: all(inside("PG_VERSION"), inside("base", "global", "postgresql.conf")), Again: "the database", Exact: true, mark: "PG_VERSION",
	},
	{
		ID: "mysql-data", Title: "MySQL's data", Class: Database, Level: Sure, Names: words("*"),
		proof: inside("ibdata1"), Again: "the database", Exact: true, mark: "ibdata1",
	},
	{
		ID: "mongodb-data", Title: "MongoDB's data", Class: Database, Level: Sure, Names: words("*"),
		proof: all(inside("WiredTiger"), inside("WiredTiger.wt", "_mdb_catalog.wt")), Again: "the database", Exact: true, mark: "WiredTiger",
	},
	{
		ID: "redis-dump", Title: "Redis snapshot", Class: Database, Level: Sure, Names: words("*.rdb *.aof"), kind: files,
		proof: header("it has the Redis header", func(head []byte) bool { return begins("REDIS")(head) || begins("*2\r\n$6\r\nSELECT")(head) }), Again: "the database", Risk: "an image may start from it", AtRoot: true,
	},
	{
		ID: "redis-appendonly", Title: "Redis' log of writes", Class: Database, Level: Sure, Names: words("appendonlydir"),
		proof: inside("*.manifest"), Again: "the database", AtRoot: true,
	},
	{
		ID: "service-data", Title: "data of a local service", Class: Database, Level: Sure, Names: words(".dynamodb rabbitmq-data .localstack"),
		proof: byName, Again: "the service", AtRoot: true,
	},
	{
		ID: "mnesia", Title: "Mnesia's data", Class: Database, Level: Sure, Names: words("mnesia Mnesia.*"),
		proof: inside("schema.DAT", "rabbit@*", "*.DCD"), Again: "the application", AtRoot: true,
	},
	{
		ID: "sql-dump", Title: "SQL", Class: Database, Level: Recognized, Names: words("*.sql *.dump *.sql.gz"), kind: files,
		proof: all(byName, heavy), Risk: "migrations and first data are SQL, too",
	},
}

// logDirectoryID is the rule that the one for logs may make superfluous.
const logDirectoryID = "log-directory"

var catalogueLogs = []*Rule{
	{
		ID: "logs", Title: "logs", Class: Log, Level: Sure, Names: words("*.log nohup.out"), kind: files,
		proof: byName, Again: "the application",
	},
	{
		ID: "php-error-log", Title: "PHP's log", Class: Log, Level: Sure, Names: words("error_log php_errorlog"), kind: files,
		proof: header("it begins with a date in brackets", func(head []byte) bool { return begins("[")(head) && contains("] PHP ", "] Uncaught ", "UTC]")(head) }), Again: "PHP", AtRoot: true,
	},
	{
		ID: "rotated-logs", Title: "old logs", Class: Log, Level: Sure, Names: words("*.log.*"), kind: files,
		proof: isRotated, Again: "the application",
	},
	{
		ID: logDirectoryID, Title: "directory of logs", Class: Log, Level: Sure, Names: words("logs log .logs"),
		proof: onlyLogs, Again: "the application", AtRoot: true,
	},
	{
		ID: "core-dump", Title: "core dump", Class: Crash, Level: Sure, Names: words("core core.* *.core vgcore.*"), kind: files,
		proof: header("it has the ELF header of a core dump", isCore), Exact: true, Risk: "none: it holds whatever the program held in memory",
	},
	{
		ID: "minidump", Title: "crash dump", Class: Crash, Level: Sure, Names: words("*.dmp *.mdmp *.stackdump"), kind: files,
		proof: either(header("it has the header of a minidump", begins("MDMP")), header("it has the header of a stack dump", begins("Stack trace:"))),
	},
	{
		ID: "pid-file", Title: "number of a running process", Class: Temporary, Level: Sure, Names: words("*.pid"), kind: files,
		proof: header("nothing but a number in it", isNumber), Again: "the application",
	},
}

var catalogueSecrets = []*Rule{
	{
		ID: "env-file", Title: "environment with secrets", Class: Credentials, Level: Sure, Names: words(".env .env.local .env.*.local .env.backup .env.bak .env.old .env.save .env.orig"), kind: files,
		proof: byName, Risk: "give secrets at run time, or as build secrets",
	},
	{
		ID: "private-key", Title: "private key", Class: Credentials, Level: Sure, Names: words("*.pem *.key *.ppk *.pkcs8"), kind: files,
		proof: header("its first line says that it is a private key", finds(privateKey)), Exact: true, Risk: "use a secret mount",
	},
	{
		ID: "ssh-key", Title: "SSH key", Class: Credentials, Level: Sure, Names: words("id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk"), kind: files,
		proof: byName, Risk: "use an SSH mount",
	},
	{
		ID: "keystore", Title: "keystore", Class: Credentials, Level: Ask, Names: words("*.p12 *.pfx *.jks *.keystore *.kdbx"), kind: files,
		proof: byName, Risk: "stores of public certificates have such names, too",
	},
	{
		ID: "netrc", Title: "passwords for hosts", Class: Credentials, Level: Sure, Names: words(".netrc _netrc"), kind: files,
		proof: header("a password in it", contains("password")), Risk: "use a secret mount",
	},
	{
		ID: "pypirc", Title: "passwords for package indexes", Class: Credentials, Level: Sure, Names: words(".pypirc"), kind: files,
		proof: header("a password in it", contains("password")), Risk: "use a secret mount",
	},
	{
		ID: "npmrc-token", Title: "npm settings with a token", Class: Credentials, Level: Ask, Names: words(".npmrc .yarnrc.yml"), kind: files,
		proof: header("a token in it", finds(values("", words("_authtoken _auth _password npmauthtoken npmauthident")))), Risk: "an install may need it: use a secret mount", Exact: true,
	},
	{
		ID: "envrc", Title: "direnv's settings", Class: Credentials, Level: Ask, Names: words(".envrc"), kind: files,
		proof: byName, AtRoot: true,
	},
	{
		ID: "git-credentials", Title: "stored passwords for git", Class: Credentials, Level: Sure, Names: words(".git-credentials"), kind: files,
		proof: byName, Risk: "use a secret mount",
	},
	{
		ID: "cloud-credentials", Title: "credentials for a cloud", Class: Credentials, Level: Sure, Names: words(".aws/credentials .config/gcloud .azure/accessTokens.json .azure/msal_token_cache.json .boto .s3cfg"), kind: both,
		proof: byName, Risk: "use a secret mount",
	},
	{
		ID: "service-account", Title: "key of a service account", Class: Credentials, Level: Sure,
		Names: words("service-account*.json serviceaccount*.json *-service-account.json service_account*.json serviceAccountKey.json credentials.json key.json keyfile.json *-key.json *_key.json sa.json sa-*.json *-sa.json *-credentials.json gcp*.json gcloud*.json *-firebase-adminsdk-*.json application_default_credentials.json"), kind: files,
		proof: header("a private key in it", contains(`"private_key"`, `"refresh_token"`)), Exact: true, Risk: "use a secret mount",
	},
	{
		ID: "kubeconfig", Title: "access to a cluster", Class: Credentials, Level: Sure, Names: words(".kube/config kubeconfig kubeconfig.* *.kubeconfig *kubeconfig*.yaml *kubeconfig*.yml"), kind: files,
		proof: header("it says that it is a kubeconfig", contains("kind: Config", "certificate-authority-data:", `"kind":"Config"`)), Exact: true, Risk: "use a secret mount",
	},
	{
		ID: "registry-auth", Title: "passwords for image registries", Class: Credentials, Level: Sure, Names: words(".docker/config.json .dockercfg .dockerconfigjson"), kind: files,
		proof: header("a password in it", contains(`"auth"`, `"identitytoken"`)), Exact: true, Risk: "use a secret mount",
	},
	{
		ID: "oauth-client", Title: "secret of an OAuth client", Class: Credentials, Level: Sure, Names: words("client_secret*.json"), kind: files,
		proof: header("a secret in it", contains(`"client_secret"`)), Exact: true, Risk: "use a secret mount",
	},
	{
		ID: "acme", Title: "private keys of certificates", Class: Credentials, Level: Sure, Names: words("acme*.json"), kind: files,
		proof: header("a private key in it", contains(`"PrivateKey"`)), Exact: true,
	},
	{
		ID: "password-files", Title: "file of passwords", Class: Credentials, Level: Sure, Names: words(".pgpass .vault_pass .vault-pass .vault_password"), kind: files,
		proof: byName, Risk: "use a secret mount",
	},
	{
		ID: "ssh-directory", Title: "a person's SSH keys", Class: Credentials, Level: Sure, Names: words(".ssh"),
		proof: inside("id_*", "known_hosts"), Risk: "use an SSH mount",
	},
	{
		ID: "vault-token", Title: "Vault token", Class: Credentials, Level: Sure, Names: words(".vault-token"), kind: files,
		proof: byName,
	},
}

var catalogueEditors = []*Rule{
	{
		ID: "jetbrains", Title: "JetBrains' settings", Class: Editor, Level: Sure, Names: words(".idea .fleet"),
		proof: inside("workspace.xml", "modules.xml", "misc.xml", "vcs.xml", "*.iml", "settings.json", ".gitignore"), Again: "the editor",
	},
	{
		ID: "iml", Title: "JetBrains module", Class: Editor, Level: Sure, Names: words("*.iml"), kind: files,
		proof: header("a module's header", contains("<module")), Again: "the editor",
	},
	{
		ID: "vscode", Title: "VS Code's settings", Class: Editor, Level: Sure, Names: words(".vscode .vscode-test .vscode-server"),
		proof: byName, Again: "the editor",
	},
	{
		ID: "local-history", Title: "an editor's history of files", Class: Editor, Level: Sure, Names: words(".history .lh"),
		proof: beside(".vscode", ".git", ".idea"), Again: "the editor",
	},
	{
		ID: "eclipse", Title: "Eclipse's settings", Class: Editor, Level: Sure, Names: words(".classpath .project .cproject .settings .factorypath"), kind: both,
		proof: either(beside(".project"), header("a project's header", contains("<projectDescription", "<classpath"))), Again: "the editor",
	},
	{
		ID: "other-editors", Title: "an editor's settings", Class: Editor, Level: Sure, Names: words(".zed .nova .helix *.sublime-workspace *.code-workspace nbproject/private .netrwhist .vim-bookmarks"), kind: both,
		proof: byName, Again: "the editor",
	},
	{
		ID: "vim-swap", Title: "an editor's swap file", Class: Editor, Level: Sure, Names: words("*.swp *.swo *.un~ #*#"), kind: files,
		proof: byName,
	},
	{
		ID: "tilde-backup", Title: "an editor's backup", Class: Editor, Level: Sure, Names: words("*~"), kind: files,
		proof: byName,
	},
	{
		ID: "nfs-leftover", Title: "left by a file system", Class: OS, Level: Sure, Names: words(".nfs0* .fuse_hidden*"), kind: files,
		proof: byName,
	},
	{
		ID: "ctags", Title: "index of an editor", Class: Editor, Level: Sure, Names: words("tags TAGS .tags GTAGS GRTAGS GPATH"), kind: files,
		proof: either(header("an index's header", func(head []byte) bool { return begins("!_TAG_")(head) || begins("\x0c\n")(head) }), beside("GTAGS", "GRTAGS")), Again: "ctags", AtRoot: true,
	},
	{
		ID: "vsix", Title: "packaged VS Code extension", Class: Archive, Level: Ask, Names: words("*.vsix"), kind: files,
		proof: header("an archive's header", isArchive), Again: "vsce package",
	},
}

var catalogueOS = []*Rule{
	{
		ID: "ds-store", Title: "Finder's settings", Class: OS, Level: Sure, Names: words(".DS_Store"), kind: files,
		proof: byName, Again: "the Finder",
	},
	{
		ID: "apple-double", Title: "macOS metadata", Class: OS, Level: Sure, Names: words("._*"), kind: files,
		proof: header("it has the AppleDouble header", begins("\x00\x05\x16\x07")),
	},
	{
		ID: "windows-thumbs", Title: "Explorer's settings", Class: OS, Level: Sure, Names: words("Thumbs.db ehthumbs.db Desktop.ini desktop.ini"), kind: files,
		proof: byName, Again: "the Explorer",
	},
	{
		ID: "os-folders", Title: "an operating system's own directories", Class: OS, Level: Sure, Names: words("__MACOSX .Spotlight-V100 .Trashes .fseventsd .AppleDouble .TemporaryItems $RECYCLE.BIN lost+found .Trash-*"),
		proof: byName,
	},
	{
		ID: "zone-identifier", Title: "Windows' note of a download", Class: OS, Level: Sure, Names: words("*:Zone.Identifier"), kind: files,
		proof: byName,
	},
	{
		ID: "kde-directory", Title: "Dolphin's settings", Class: OS, Level: Sure, Names: words(".directory"), kind: files,
		proof: header("its first line", contains("[Dolphin]", "[Desktop Entry]")),
	},
}

var catalogueAgents = []*Rule{
	{
		ID: "aider", Title: "Aider's history", Class: Editor, Level: Sure, Names: words(".aider.chat.history.md .aider.input.history .aider.tags.cache.*"), kind: both,
		proof: byName, Again: "Aider",
	},
	{
		ID: "agent-local", Title: "an agent's local settings", Class: Editor, Level: Sure, Names: words(".claude/settings.local.json .claude/*.local.json CLAUDE.local.md"), kind: files,
		proof: byName, Again: "the agent",
	},
	{
		ID: "agent-settings", Title: "an agent's settings", Class: CI, Level: Ask, Names: words(".cursor .codex .windsurf .gemini .continue .aider.conf.yml .claude"), kind: both,
		proof: byName, Committed: true, Risk: "tracked instructions lie here, too", AtRoot: true,
	},
}

var catalogueFiles = []*Rule{
	{
		ID: "backup-files", Title: "backups and rejected patches", Class: Temporary, Level: Sure, Names: words("*.bak *.orig *.rej"), kind: files,
		proof: byName,
	},
	{
		ID: "archives", Title: "archive", Class: Archive, Level: Ask, Names: words("*.zip *.tar *.tar.gz *.tgz *.tar.bz2 *.tar.xz *.tar.zst *.7z *.rar *.deb *.rpm"), kind: files,
		proof: header("an archive's header", isArchive), Risk: "the build may unpack it", Exact: true,
	},
	{
		ID: "disk-images", Title: "disk image", Class: Archive, Level: Ask, Names: words("*.iso *.dmg *.qcow2 *.vmdk *.vdi *.img"), kind: files,
		proof: all(byName, heavy), Risk: "the build may read it", Exact: true,
	},
	{
		ID: "documents", Title: "documents and their pictures", Class: Documents, Level: Ask, Names: words("docs doc documentation screenshots"),
		proof: onlyDocuments, Committed: true, Risk: "a package or the application may read a page", AtRoot: true,
	},
	{
		ID: "media", Title: "video", Class: Media, Level: Recognized, Names: words("*.mp4 *.mov *.mkv *.avi *.webm"), kind: files,
		proof: all(byName, heavy), Risk: "sites ship their media",
	},
}
