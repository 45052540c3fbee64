package machines

func nuxt(m *Machine) {
	m.dockerfile("node:22", "COPY . .", "RUN npm ci && npm run build")
	m.text("package.json", "{}")
	m.source("nuxt.config.ts", "app.vue", "server/api/data.ts", "server/logs/read.ts", "public/favicon.svg", "vitest.config.ts", "docs/guide.md")
	m.many("node_modules", "p%d/x.js", 200, 400*mB)
	m.many(".nuxt", "dist/%d.mjs", 20, 60*mB)
	m.junk(".data", "kv/a", 9*mB, "")
	m.junk(".nitro", "types/a.d.ts", 2*mB, "")
	m.stray("vitest.config.ts.timestamp-1700000000000-ab12.mjs", 40*kB, "")
	m.junk("lcov.info", "", 2*mB, "TN:\nSF:app.vue\n")
	m.junk("junit.xml", "", 90*kB, "<testsuites>")
	m.stray("Heap.20260101.120000.1.0.001.heapsnapshot", 300*mB, `{"snapshot":{"meta"`)
	m.stray("public/logo.png:Zone.Identifier", 90, "[ZoneTransfer]")
	m.output(".output", "server/index.mjs", 30*mB)
	m.everywhere("server")
}

func symfonyApp(m *Machine) {
	m.dockerfile("php", "COPY . .", "RUN composer install --no-dev")
	m.text("composer.json", "{}")
	m.text(".env", "APP_ENV=dev\n")
	m.source("bin/console", "src/Kernel.php", "src/Vendor/A.php", "public/index.php", "config/bundles.php", "tests/var/log/sample.log")
	m.many("vendor", "symfony/p%d/x.php", 80, 90*mB)
	m.put("vendor", "autoload.php", 700, "<?php")
	m.many("var/cache", "dev/c%d.php", 20, 80*mB)
	m.junk("var/log", "dev.log", 200*mB, "")
	m.junk(".env.local", "", 200, "APP_SECRET=x\n")
	m.junk(".env.local.php", "", 200, "<?php return [];")
	m.stray("coverage.xml", 3*mB, "<?xml version=\"1.0\"?>\n<coverage generated=\"1\">")
	m.output("public/bundles", "a.js", 2*mB)
	m.everywhere("src")
}

// localServices has the data of what a compose file runs beside the source.
func localServices(m *Machine) {
	m.dockerfile("golang AS build", "COPY . .", "RUN go build -o /app ./cmd/app")
	m.source("go.mod", "cmd/app/main.go", "compose.yaml", "deploy/prom/prometheus.yml", "deploy/es/elasticsearch.yml", "internal/member/wal.go", "internal/wal/CURRENT", "docs/node.lock.md")
	m.many("deploy/es/data", "indices/a/%d.cfs", 20, 300*mB)
	m.put("deploy/es/data", "node.lock", 1, "")
	m.put("deploy/es/data", "_state/a.st", 2*kB, "")
	m.many("deploy/s3", "bucket/o%d/part.1", 20, 500*mB)
	m.put("deploy/s3", ".minio.sys/format.json", 2*kB, "{}")
	m.many("deploy/prom/data", "wal/%d", 10, 200*mB)
	m.put("deploy/prom/data", "chunks_head/000001", 9*mB, "")
	m.many("data/cache", "%d.ldb", 20, 90*mB)
	m.put("data/cache", "CURRENT", 16, "MANIFEST-000004\n")
	m.put("data/cache", "MANIFEST-000004", 2*kB, "")
	m.put("data/cache", "LOCK", 1, "")
	m.junk("deploy/etcd/member", "snap/db", 60*mB, "")
	m.put("deploy/etcd/member", "wal/0.wal", 60*mB, "")
	m.junk("traefik/acme.json", "", 20*kB, `{"le": {"Account": {"PrivateKey": "MII"`)
	m.junk(".gocache", "trim.txt", 20, "1700000000")
	m.put(".gocache", "00/00-d", 300*mB, "")
	m.stray("cpu.prof", 9*mB, "\x1f\x8b")
	m.stray("capture.pcap", 90*mB, "\xd4\xc3\xb2\xa1")
	m.everywhere("cmd")
}
